//! Reads a client's stream from standard input, and prints the events that a server gets and its replies.

use std::ffi::{c_char, CStr};
use std::io::Read;

/// The functions and structs of `websocket_frames.h` that are used here; `bindgen` can generate all of them.
mod ffi {
    use std::ffi::c_char;

    #[repr(C)]
    pub struct Options {
        pub struct_size: usize,
        pub max_frame: u64,
        pub max_message: u64,
        pub max_fragments: u32,
        pub max_control_frames: u32,
        pub peer: u8,
        pub permessage_deflate: bool,
        pub claimed_bits: u8,
    }

    #[repr(C)]
    pub struct Connection {
        pub opaque: [u64; 48],
    }

    /// It contains no pointer, so Rust may move it.
    #[repr(C)]
    pub struct Event {
        pub payload_start: usize,
        pub payload_count: usize,
        pub payload_offset: u64,
        pub frame_length: u64,
        pub opcode: u8,
        pub message_opcode: u8,
        pub reserved_bits: u8,
        pub begins_frame: bool,
        pub ends_frame: bool,
        pub begins_message: bool,
        pub ends_message: bool,
        pub close_code: u16,
        pub control_payload: [u8; 125],
    }

    #[repr(C)]
    pub struct Violation {
        pub offset: u64,
        pub frame: u64,
        pub frame_offset: u64,
        pub close_code: u16,
        pub value: u16,
        pub rule: u8,
        pub length: u8,
        pub header_length: u8,
        pub header: [u8; 14],
    }

    unsafe extern "C" {
        pub fn wsf_options_init(options: *mut Options, struct_size: usize, peer: u8) -> bool;
        pub fn wsf_connection_init(connection: *mut Connection, struct_size: usize, options: *const Options) -> bool;
        pub fn wsf_connection_next(
            connection: *mut Connection, bytes: *mut u8, count: usize, index: *mut usize, event: *mut Event,
            masking_key: *const u8, reply: *mut u8, reply_count: *mut usize, violation: *mut Violation,
        ) -> u8;
        pub fn wsf_rule_name(rule: u8) -> *const c_char;
    }
}

/// The server's side of a connection.
struct Server(ffi::Connection);

/// What has arrived. A payload borrows from the bytes that were read.
enum Event<'a> {
    Data { opcode: u8, payload: &'a [u8], ends: bool },
    Control,
    Broken { rule: String, offset: u64, close_code: u16 },
    Exceeded,
}

impl Server {
    /// Begins a connection after its handshake; `None` if the structs above belong to another version.
    fn new(max_message: u64) -> Option<Server> {
        const CLIENT: u8 = 0;
        // Safe: plain data for which all zeros is a valid value; the library checks the sizes.
        unsafe {
            let mut options: ffi::Options = std::mem::zeroed();
            let mut state: ffi::Connection = std::mem::zeroed();
            if !ffi::wsf_options_init(&mut options, size_of::<ffi::Options>(), CLIENT) {
                return None;
            }
            options.max_message = max_message;
            ffi::wsf_connection_init(&mut state, size_of::<ffi::Connection>(), &options).then_some(Server(state))
        }
    }

    /// The next event in `bytes[*index..]`, and the reply to be sent; `None` if more bytes are needed.
    fn next<'a>(&mut self, bytes: &'a mut [u8], index: &mut usize) -> (Option<Event<'a>>, Vec<u8>) {
        let mut reply = [0u8; 131];
        let mut count = 0;
        // Safe: the pointers are to whole values that outlive the call, and the library keeps none.
        let (result, event, violation) = unsafe {
            let mut event: ffi::Event = std::mem::zeroed();
            let mut violation: ffi::Violation = std::mem::zeroed();
            let result = ffi::wsf_connection_next(
                &mut self.0, bytes.as_mut_ptr(), bytes.len(), index, &mut event, std::ptr::null(),
                reply.as_mut_ptr(), &mut count, &mut violation);
            (result, event, violation)
        };
        let found = match result {
            1 if event.opcode <= 2 => Some(Event::Data {
                opcode: event.message_opcode,
                payload: &bytes[event.payload_start..event.payload_start + event.payload_count],
                ends: event.ends_message,
            }),
            1 => Some(Event::Control),
            3 => Some(Event::Broken {
                // Safe: a static text that ends with NUL.
                rule: unsafe { text(ffi::wsf_rule_name(violation.rule)) },
                offset: violation.offset,
                close_code: violation.close_code,
            }),
            4 => Some(Event::Exceeded),
            _ => None,
        };
        (found, reply[..count].to_vec())
    }
}

unsafe fn text(bytes: *const c_char) -> String {
    unsafe { CStr::from_ptr(bytes) }.to_string_lossy().into_owned()
}

fn main() {
    let mut server = Server::new(1 << 20).expect("websocket_frames.h is of another version than the library");
    let mut bytes = [0u8; 4096];
    while let Ok(count) = std::io::stdin().read(&mut bytes) {
        if count == 0 {
            return;
        }
        let mut index = 0;
        loop {
            let (event, reply) = server.next(&mut bytes[..count], &mut index);
            if !reply.is_empty() {
                let hex: String = reply.iter().map(|byte| format!("{byte:02x}")).collect();
                println!("answer {hex}");
            }
            match event {
                Some(Event::Data { opcode, payload, ends }) => {
                    println!("opcode {opcode}, {:?}, ends: {ends}", String::from_utf8_lossy(payload));
                }
                Some(Event::Control) => {}
                Some(Event::Broken { rule, offset, close_code }) => {
                    return println!("{rule} at byte {offset}: close with {close_code}");
                }
                Some(Event::Exceeded) => return println!("too many frames: close with 1008"),
                None => break,
            }
        }
    }
}
