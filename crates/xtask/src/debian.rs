//! Packages of a Debian machine.

use std::process::Command;

use crate::{
    task::{Task, announce, first_line},
    tool::on_path,
    trouble::Trouble,
};

/// Whether packages can be installed here without asking anybody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Permission {
    Root,
    Sudo,
    /// This machine has no apt.
    NoApt,
    /// Somebody would have to type a password.
    Denied,
}

/// What this person may do here.
pub(crate) fn permission() -> Permission {
    if on_path("apt-get").is_none() {
        Permission::NoApt
    } else if first_line("id", &["-u"]).as_deref() == Some("0") {
        Permission::Root
    } else if first_line("sudo", &["-n", "id", "-u"]).as_deref() == Some("0") {
        Permission::Sudo
    } else {
        Permission::Denied
    }
}

/// Installs packages, after saying so.
///
/// # Errors
/// Without apt, permission or network, when a package does not exist here, or when another one would have to go for it.
pub(crate) fn install(packages: &[&str], purpose: &str) -> Result<(), Trouble> {
    let list = packages.join(" ");
    let by_hand = format!("run `sudo apt-get install {list}` once");
    let permission = permission();
    match permission {
        Permission::Root | Permission::Sudo => {}
        Permission::NoApt => {
            return Err(Trouble::new(
                format!("{purpose} is missing, and this machine has no apt to install it with"),
                format!("install what Debian calls {list} by your own package manager"),
            ));
        }
        Permission::Denied => {
            return Err(Trouble::new(format!("{purpose} is missing, and you may not install packages here"), by_hand));
        }
    }

    announce(&format!("Installing Debian's {list} for {purpose}: about a minute, this once"));
    // The lists of a fresh machine are empty, those of an old one stale; a rehearsal tells whether they will do.
    let mut rehearsal = rehearse(permission, packages)?;
    if !rehearsal.success {
        let update = Task::new("updating the package lists", apt(permission, &["update"])).show()?;
        if let Some(trouble) = Trouble::of_network(&format!("Debian's {list}"), update.lines()) {
            return Err(trouble);
        }
        rehearsal = rehearse(permission, packages)?;
    }
    if !rehearsal.success {
        return Err(Trouble::new(
            format!("{purpose} is missing, and this system has no packages {list}"),
            "it takes Debian 12 or later, or rustup's toolchain".to_owned(),
        ));
    }
    if let Some(line) = rehearsal.lines().find(|line| line.starts_with("Remv ")) {
        let victim = line.split_whitespace().nth(1).unwrap_or("another package").to_owned();
        return Err(Trouble::new(
            format!("{purpose} is missing, and installing {list} would remove {victim}"),
            format!("if that is right, {by_hand}"),
        ));
    }
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    let mut outcome = Task::new(format!("installing {list}"), apt(permission, &arguments)).show()?;
    if !outcome.success && outcome.lines().any(|line| line.contains("404")) {
        // The list names a version that the archive has replaced in the meantime.
        Task::new("updating the package lists", apt(permission, &["update"])).show()?;
        outcome = Task::new(format!("installing {list}"), apt(permission, &arguments)).show()?;
    }
    if outcome.success {
        return Ok(());
    }
    let network = Trouble::of_network(&format!("Debian's {list}"), outcome.lines());
    Err(network.unwrap_or_else(|| Trouble::new(format!("{purpose} could not be installed, as told above"), by_hand)))
}

fn rehearse(permission: Permission, packages: &[&str]) -> Result<crate::task::Outcome, Trouble> {
    let mut arguments = vec!["install", "--simulate", "--no-install-recommends"];
    arguments.extend(packages);
    Task::new("looking at the package lists", apt(permission, &arguments)).quiet()
}

fn apt(permission: Permission, arguments: &[&str]) -> Command {
    let mut command = if permission == Permission::Sudo {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    } else {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    // Another apt may be at work, as on a machine that has just been started.
    command.args(["--quiet", "-o", "DPkg::Lock::Timeout=120"]).args(arguments);
    command
}
