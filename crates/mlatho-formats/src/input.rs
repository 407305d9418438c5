//! Bytes to text: opens gzip, drops byte order marks, and turns UTF-16 and declared encodings into UTF-8.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use encoding_rs::{CoderResult, Decoder, Encoding};
use flate2::read::MultiGzDecoder;

const BUFFER: usize = 256 << 10;

/// What a packed file may hold: beyond the first number at most so many times its own size.
pub(crate) const ALWAYS_UNPACKED: u64 = 200 << 20;
pub(crate) const MOST_TIMES: u64 = 100;

/// Opens an input as text. Without a declared encoding bytes come as they are, but for byte order marks and UTF-16:
/// UTF-8 is left to the reader to check, cell by cell.
pub(crate) fn open<'a, R: Read + Seek>(
    input: &'a mut R,
    encoding: Option<&'static Encoding>,
) -> io::Result<Box<dyn Read + 'a>> {
    let mut magic = [0; 2];
    let read = read_full(input, &mut magic)?;
    let length = input.seek(SeekFrom::End(0))?;
    input.rewind()?;
    let plain: Box<dyn Read + 'a> = if magic[..read] == [0x1f, 0x8b] {
        let most = length.saturating_mul(MOST_TIMES).max(ALWAYS_UNPACKED);
        let unpacked = MultiGzDecoder::new(BufReader::with_capacity(BUFFER, input));
        Box::new(Capped::new(unpacked, most, "it unpacks to more than 200 MB and 100 times its size"))
    } else {
        Box::new(BufReader::with_capacity(BUFFER, input))
    };
    without_mark(plain, encoding)
}

/// Looks at the first bytes for a byte order mark, which overrides what was declared.
fn without_mark<'a>(
    mut input: Box<dyn Read + 'a>,
    encoding: Option<&'static Encoding>,
) -> io::Result<Box<dyn Read + 'a>> {
    let mut head = [0; 3];
    let read = read_full(&mut input, &mut head)?;
    let head = &head[..read];
    let (encoding, skip) = Encoding::for_bom(head).map_or((encoding, 0), |(found, skip)| (Some(found), skip));
    let rest = io::Cursor::new(head[skip..].to_vec()).chain(input);
    Ok(match encoding {
        None => Box::new(rest),
        Some(encoding) if encoding == encoding_rs::UTF_8 => Box::new(rest),
        Some(encoding) => Box::new(Transcoder::new(rest, encoding)),
    })
}

/// Ends in an error after so many bytes.
pub(crate) struct Capped<R> {
    input: R,
    left: u64,
    reason: &'static str,
}

impl<R: Read> Capped<R> {
    pub(crate) const fn new(input: R, most: u64, reason: &'static str) -> Self {
        Self { input, left: most, reason }
    }
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| io::Error::other(self.reason))?;
        Ok(read)
    }
}

fn read_full(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Reads bytes of an encoding and gives UTF-8.
struct Transcoder<R> {
    input: R,
    decoder: Decoder,
    bytes: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Transcoder<R> {
    fn new(input: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { input, decoder, bytes: vec![0; BUFFER], text: Vec::new(), given: 0, ended: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        let read = self.input.read(&mut self.bytes)?;
        self.ended = read == 0;
        let room = self.decoder.max_utf8_buffer_length(read).unwrap_or(BUFFER * 4);
        self.text.resize(room, 0);
        let (result, _, written, _) = self.decoder.decode_to_utf8(&self.bytes[..read], &mut self.text, self.ended);
        debug_assert_eq!(result, CoderResult::InputEmpty);
        self.text.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            self.fill()?;
        }
        let left = &self.text[self.given..];
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        self.given += count;
        Ok(count)
    }
}

/// A cell as text: UTF-8 where it is that, else Windows-1252, which every byte is.
pub(crate) fn lossless(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    fn text(bytes: &[u8], declared: Option<&'static Encoding>) -> String {
        let mut cursor = Cursor::new(bytes);
        let mut out = String::new();
        open(&mut cursor, declared).unwrap().read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn marks_encodings_and_gzip() {
        assert_eq!(text(b"\xef\xbb\xbfa,b", None), "a,b");
        assert_eq!(text(b"\xff\xfea\0\xe9\0", None), "aé");
        assert_eq!(text(b"caf\xe9", Some(encoding_rs::WINDOWS_1252)), "café");
        assert_eq!(text(b"", None), "");
        let gzip = |text: &[u8]| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        };
        let two_members = [gzip(b"\xef\xbb\xbfone,"), gzip(b"two")].concat();
        assert_eq!(text(&two_members, None), "one,two");
    }

    #[test]
    fn what_is_not_utf8_is_windows_1252() {
        assert_eq!(lossless("é".as_bytes()), "é");
        assert_eq!(lossless(b"\xe9"), "é");
    }
}
