//! End to end: the real programs, real sockets, real files, real peers. No test here knows how the server is
//! made; each starts one of its own in a folder of its own and talks to it as people do.

mod crash;
mod disk;
mod doors;
mod everyone;
mod faces;
mod harness;
mod languages;
mod layers;
mod older_clients;
mod operator;
mod scripts;
mod sessions;
mod startup;
mod stopping;
mod transports;
mod upkeep;
mod watching;
