//! What of this process's memory may get out of it: nothing, as far as the operating system can see to it.
//!
//! Freed memory is written over by the allocator (`main.rs`); keys wipe themselves.

use rustix::process::{Resource, Rlimit, setrlimit};

/// No core dumps, and no other process of the same user may look in (Linux: `PR_SET_DUMPABLE`).
pub fn keep_private() {
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if setrlimit(Resource::Core, nothing).is_err() {
        tracing::warn!("core dumps can't be turned off");
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        if set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err() {
            tracing::warn!("the process can't be made undumpable");
        }
    }
}
