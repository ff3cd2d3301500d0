//! The whole lecture in one program, for the file that needs no server.

fn main() {
    piecewise_app::start(&piecewise_exhibits::WHOLE);
}
