//! `confide config check`

use crate::{
    World,
    cli::ConfigCheck,
    config::{Config, KeySource, MailWay, SmtpSecurity},
    failure::Exit,
    mail, output, serving,
};
use secrecy::ExposeSecret;

/// Checks, and says what the configuration comes to. Never a secret.
pub fn run(arguments: &ConfigCheck, world: &World) -> Exit {
    let checked = Config::load(arguments.config.as_deref(), &world.variables).and_then(|config| {
        config.public_url_to_serve()?;
        Ok(config)
    });
    let config = match checked {
        Ok(config) => config,
        Err(error) => {
            output::note(&error.to_string());
            return Exit::FaultFound;
        }
    };
    if let Some(files) = &config.tls
        && let Err(failure) = serving::tls(files)
    {
        output::note(&failure.message);
        return Exit::FaultFound;
    }
    if let Some(mail) = &config.mail
        && let Err(failure) = mail::check(mail)
    {
        output::note(&failure.message);
        return Exit::FaultFound;
    }
    for line in describe(&config) {
        output::line(&line);
    }
    Exit::Done
}

/// How letters go, without a name or an address of the server.
fn way(config: &Config) -> &'static str {
    match config.mail.as_ref().map(|mail| &mail.way) {
        None => "none",
        Some(MailWay::Directory(_)) => "into a directory",
        Some(MailWay::Smtp(server)) => match server.security {
            SmtpSecurity::None => "by a mail server on this machine, without TLS",
            SmtpSecurity::StartTls => "by a mail server, STARTTLS required",
            SmtpSecurity::Tls => "by a mail server, with TLS",
        },
    }
}

/// Where checkpoints go besides the database.
const fn checkpoints_go(config: &Config) -> &'static str {
    match (&config.audit.file, &config.audit.url) {
        (None, None) => "kept in the database alone",
        (Some(_), None) => "to a file",
        (None, Some(_)) => "to an address",
        (Some(_), Some(_)) => "to a file and to an address",
    }
}

fn describe(config: &Config) -> Vec<String> {
    let database = match config.storage.database_url.expose_secret().split_once(':') {
        Some(("sqlite", _)) => "SQLite",
        _ => "PostgreSQL",
    };
    let key = match &config.storage.key {
        KeySource::File(path) => format!("file {}", path.display()),
        KeySource::Environment(_) => "variable CONFIDE_KEY".to_owned(),
        KeySource::Token(place) => format!("token, by {}", place.module.display()),
    };
    let public = config
        .public_url
        .as_ref()
        .map_or_else(String::new, |url| url.origin().ascii_serialization());
    vec![
        format!("address               {}", config.address),
        format!("public_url            {public}"),
        format!("database              {database}"),
        format!("key                   {key}"),
        format!(
            "tls                   {}",
            if config.tls.is_some() {
                "by this process"
            } else {
                "none"
            }
        ),
        format!("trusted_proxies       {}", config.trusted_proxies.len()),
        format!("time_zone             {}", config.time_zone),
        format!("part2_organizations   {}", config.part2_organizations.len()),
        format!(
            "session.idle_minutes  {}",
            config.session.idle.as_secs() / 60
        ),
        format!(
            "session.total_hours   {}",
            config.session.total.as_secs() / 3600
        ),
        format!("mail                  {}", way(config)),
        format!(
            "audit                 a checkpoint every {} minutes, {}",
            config.audit.every.as_secs() / 60,
            checkpoints_go(config)
        ),
        format!(
            "log.format            {}",
            format!("{:?}", config.log_format).to_lowercase()
        ),
        "The configuration is good.".to_owned(),
    ]
}
