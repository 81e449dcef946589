//! Responses of a process, to well-behaved hosts and to others.

mod calls;
mod floods;
mod functions;
mod malformed;
mod mutual_tls;
mod pulumi;
mod reads;
