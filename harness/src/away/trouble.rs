//! What can be the matter.

use crate::{fault::Fault, process::Running, world::Template};

/// A trouble that comes and goes.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// No file can grow, or be written at all.
    FullDisk,
    /// The database was killed.
    NoDatabase,
}

impl Trouble {
    /// It begins.
    pub fn comes(self, server: &Running, template: &mut Template) -> Result<(), Fault> {
        match self {
            Self::FullDisk => server.limit_files(Some(0)),
            Self::NoDatabase => match template.cluster() {
                Some(cluster) => cluster.kill(),
                None => Err(Fault::Machine("no PostgreSQL here".to_owned())),
            },
        }
    }

    /// It is over.
    pub fn goes(self, server: &Running, template: &mut Template) -> Result<(), Fault> {
        match self {
            Self::FullDisk => server.limit_files(None),
            Self::NoDatabase => match template.cluster() {
                Some(cluster) => cluster.start(),
                None => Err(Fault::Machine("no PostgreSQL here".to_owned())),
            },
        }
    }
}
