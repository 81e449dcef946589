//! What a process answers, to hosts of good will and to others.

mod calls;
mod floods;
mod functions;
mod malformed;
mod mutual_tls;
mod pulumi;
mod reads;
