use std::{
    io::{self, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    page::Workshop,
    task::{announce, seconds},
    trouble::Trouble,
    workspace::Workspace,
};

const DEFAULT_PORT: u16 = 8080;

/// How many ports after the usual one are tried.
const NEIGHBOURS: u16 = 20;

/// Builds the page, serves it on this machine, and rebuilds it after every edit, until it is interrupted.
///
/// # Errors
/// When the port that was asked for is taken, or the page cannot be built.
pub(crate) fn serve(
    workspace: &Workspace,
    wish: Option<crate::toolchain::Route>,
    port: Option<u16>,
) -> Result<(), Trouble> {
    // Before minutes of work, not after them.
    let port = free_port(port)?;
    let workshop = Workshop::set_up(workspace, wish)?;
    if let Err(trouble) = workshop.draw_posters() {
        eprintln!("   {trouble}");
    }
    announce(&format!("Building the page by {}: 20 seconds to 3 minutes", workshop.toolchain().name()));
    let mut trunk = workshop.trunk("serve");
    // The served page carries a script that reloads it; it must not be mixed up with the one that is published.
    let dist = workspace.target().join("serve");
    trunk.args(["--release", "--address", "127.0.0.1", "--port", &port.to_string(), "--dist"]).arg(&dist);
    trunk.stdin(Stdio::null());
    let mut trunk = trunk.spawn().map_err(|error| {
        Trouble::new(format!("Trunk does not start ({error})"), "remove it and run the command again")
    })?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    wait_until_open(&mut trunk, address)?;
    if !answers(address) {
        let _ = trunk.kill();
        let _ = trunk.wait();
        return Err(Trouble::new("the page could not be built, as told above", "mend that and run the command again"));
    }
    // The one line that is written to standard output, so that a script can read it.
    println!("\nPiecewise is at http://{address}/\n");
    eprintln!("Edits are rebuilt and shown at once. Ctrl-C ends it.");
    let _ = io::stdout().flush();
    let status = trunk.wait();
    if status.is_ok_and(|status| status.success()) {
        Ok(())
    } else {
        Err(Trouble::new("the server has stopped", "look for the reason above and run the command again"))
    }
}

/// The port that was asked for; else the usual one, or the next free one after it. Who asks for a port has a reason, and would
/// look at somebody else's page if another were taken in silence; who does not ask wants to see the page.
fn free_port(wanted: Option<u16>) -> Result<u16, Trouble> {
    let is_free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = wanted {
        return match is_free(port) {
            Ok(listener) => Ok(listener.local_addr().map_or(port, |address| address.port())),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(Trouble::new(
                format!("you may not serve on port {port}"),
                "choose one from 1024 up, such as --port 8080",
            )),
            Err(_) => Err(Trouble::new(
                format!("port {port} is taken by another program"),
                "choose another, or leave --port out to get the next free one",
            )),
        };
    }
    let port = (DEFAULT_PORT..DEFAULT_PORT + NEIGHBOURS).find(|&port| is_free(port).is_ok()).ok_or_else(|| {
        Trouble::new(
            format!("the ports {DEFAULT_PORT} to {} are all taken by other programs", DEFAULT_PORT + NEIGHBOURS - 1),
            "choose one with --port",
        )
    })?;
    if port != DEFAULT_PORT {
        eprintln!("Port {DEFAULT_PORT} is taken by another program, so this is served on {port}.");
    }
    Ok(port)
}

fn wait_until_open(trunk: &mut Child, address: SocketAddr) -> Result<(), Trouble> {
    let start = Instant::now();
    let mut last_sign = start;
    while TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_err() {
        if trunk.try_wait().is_ok_and(|status| status.is_some()) {
            return Err(Trouble::new(
                "the page could not be built, as told above",
                "mend that and run the command again",
            ));
        }
        if last_sign.elapsed() > Duration::from_secs(15) {
            eprintln!("   … still building the page, {}", seconds(start.elapsed()));
            last_sign = Instant::now();
        }
        thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

/// Whether there is a page: Trunk serves even when its first build has failed.
fn answers(address: SocketAddr) -> bool {
    let ask = || -> io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n")?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(&start[9..] == b"200")
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_was_asked_for_and_is_taken_is_one_sentence_with_a_remedy() {
        let other = TcpListener::bind("127.0.0.1:0").expect("some port is free");
        let port = other.local_addr().expect("it has an address").port();
        let trouble = free_port(Some(port)).unwrap_err();
        assert_eq!(
            trouble.to_string(),
            format!(
                "port {port} is taken by another program; choose another, or leave --port out to get the next free one."
            )
        );
    }

    #[test]
    fn nobody_answers_at_a_port_that_is_closed() {
        let address =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("some port is free");
        assert!(!answers(address));
    }
}
