//! A file made smaller: objects that are no streams packed into object streams (ISO 32000-1, 7.5.7)
//! under a cross-reference stream (7.5.8), both allowed in PDF/A-2. The nodes of its structure are
//! four fifths of a report, tens of thousands of objects of some fifty bytes.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Objects in one stream: a reader unpacks all of it for one.
const TOGETHER: usize = 200;
/// Bytes of a line of the table that the file comes with.
const LINE: usize = 20;

/// Where an object is, as a cross-reference stream has it.
#[derive(Clone, Copy)]
enum Place {
    /// The head of the list of free numbers.
    Free,
    /// At this byte.
    At(usize),
    /// In this object stream, at this place in it.
    In(usize, usize),
}

/// The same file, smaller. `None` if it is not formed as this program's files are: numbers without
/// gaps, and a table that begins where the last object ends.
pub(super) fn packed(file: &[u8]) -> Option<Vec<u8>> {
    let table = Table::read(file)?;
    let first = *table.starts.first()?;
    let mut out = file.get(..first)?.to_vec();
    let mut places = vec![Place::Free];
    let mut small: Vec<(usize, &[u8])> = Vec::new();
    for (at, start) in table.starts.iter().enumerate() {
        let number = at + 1;
        let end = table.starts.get(number).copied().unwrap_or(table.end);
        let object = file.get(*start..end)?.trim_ascii_end();
        let body = object
            .strip_prefix(format!("{number} 0 obj").as_bytes())?
            .strip_suffix(b"endobj")?
            .trim_ascii();
        if body.ends_with(b"endstream") {
            places.push(Place::At(out.len()));
            out.extend_from_slice(object);
            out.push(b'\n');
        } else {
            places.push(Place::Free);
            small.push((number, body));
        }
    }
    for objects in small.chunks(TOGETHER) {
        let stream = places.len();
        for (index, (number, _)) in objects.iter().enumerate() {
            *places.get_mut(*number)? = Place::In(stream, index);
        }
        places.push(Place::At(out.len()));
        let (bytes, first) = object_stream(objects);
        let count = objects.len();
        let dictionary = format!("/Type/ObjStm/N {count}/First {first}");
        write_stream(&mut out, stream, &dictionary, &bytes)?;
    }
    let number = places.len();
    let start = out.len();
    places.push(Place::At(start));
    let lines: Vec<u8> = places.iter().copied().flat_map(Place::line).collect();
    let size = places.len();
    let rest = std::str::from_utf8(table.trailer).ok()?;
    let dictionary = format!("/Type/XRef/W[1 4 2]/Size {size}{rest}");
    write_stream(&mut out, number, &dictionary, &lines)?;
    out.extend_from_slice(format!("startxref\n{start}\n%%EOF").as_bytes());
    Some(out)
}

/// The table of a file, and what its trailer says beside its size.
struct Table<'a> {
    /// Where each object begins, from number 1 on; ascending.
    starts: Vec<usize>,
    end: usize,
    trailer: &'a [u8],
}

impl<'a> Table<'a> {
    fn read(file: &'a [u8]) -> Option<Self> {
        let tail = file.len().saturating_sub(64);
        let rest = file.get(tail..)?.strip_suffix(b"%%EOF")?;
        let at = rest.windows(10).rposition(|part| part == b"startxref\n")?;
        let end: usize = number(rest.get(at + 10..)?.split(|byte| *byte == b'\n').next()?)?;
        let rest = file.get(end..)?.strip_prefix(b"xref\n0 ")?;
        let line = rest.iter().position(|byte| *byte == b'\n')?;
        let count: usize = number(rest.get(..line)?)?;
        let (lines, rest) = rest
            .get(line + 1..)?
            .split_at_checked(count.checked_mul(LINE)?)?;
        let starts: Option<Vec<usize>> = lines
            .chunks_exact(LINE)
            .skip(1)
            .map(|line| {
                line.ends_with(b" 00000 n\r\n")
                    .then(|| number(line.get(..10)?))?
            })
            .collect();
        let starts = starts?;
        let in_order = starts.is_sorted() && starts.last().is_some_and(|last| *last < end);
        let trailer = rest.strip_prefix(format!("trailer\n<</Size {count}").as_bytes())?;
        let length = trailer.windows(2).position(|part| part == b">>")?;
        let trailer = trailer.get(..length)?;
        in_order.then_some(Self {
            starts,
            end,
            trailer,
        })
    }
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Numbers and places, then the objects; and where the objects begin.
fn object_stream(objects: &[(usize, &[u8])]) -> (Vec<u8>, usize) {
    let (mut head, mut bodies) = (String::new(), Vec::new());
    for (number, body) in objects {
        head.push_str(&format!("{number} {} ", bodies.len()));
        bodies.extend_from_slice(body);
        bodies.push(b'\n');
    }
    ([head.as_bytes(), &bodies].concat(), head.len())
}

fn write_stream(out: &mut Vec<u8>, number: usize, dictionary: &str, bytes: &[u8]) -> Option<()> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok()?;
    let bytes = encoder.finish().ok()?;
    let length = bytes.len();
    let head = format!("{number} 0 obj\n<<{dictionary}/Filter/FlateDecode/Length {length}>>\n");
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(b"stream\n");
    out.extend_from_slice(&bytes);
    out.extend_from_slice(b"\nendstream\nendobj\n");
    Some(())
}

impl Place {
    /// Kind, four bytes and two bytes.
    fn line(self) -> [u8; 7] {
        let (kind, at, index) = match self {
            Self::Free => (0, 0, u16::MAX.into()),
            Self::At(at) => (1, at, 0),
            Self::In(stream, index) => (2, stream, index),
        };
        // No report has 4 GiB; places in a stream are below `TOGETHER`.
        let [a, b, c, d] = u32::try_from(at).unwrap_or(u32::MAX).to_be_bytes();
        let [e, f] = u16::try_from(index).unwrap_or(u16::MAX).to_be_bytes();
        [kind, a, b, c, d, e, f]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "%PDF-1.7\n%\u{e2}\n\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\n2 0 obj\n\
                        <</Type/Pages/Kids[]/Count 0>>\nendobj\n\n3 0 obj\n<</Length 3>>\nstream\nabc\n\
                        endstream\nendobj\n\n";

    fn file(objects: &str) -> Vec<u8> {
        let mut file = objects.to_owned();
        let starts = ["1 0 obj", "2 0 obj", "3 0 obj"].map(|head| objects.find(head).unwrap());
        let lines = starts.map(|start| format!("{start:010} 00000 n\r\n"));
        let end = objects.len();
        file.push_str("xref\n0 4\n0000000000 65535 f\r\n");
        file.push_str(&lines.concat());
        file.push_str(&format!(
            "trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{end}\n%%EOF"
        ));
        file.into_bytes()
    }

    #[test]
    fn streams_stay_and_the_rest_is_packed() {
        let packed = packed(&file(FILE)).unwrap();
        let text = String::from_utf8_lossy(&packed);
        assert!(text.contains("3 0 obj\n<</Length 3>>\nstream\nabc\nendstream\nendobj\n"));
        assert!(text.contains("4 0 obj\n<</Type/ObjStm/N 2/First 9"));
        assert!(text.contains("5 0 obj\n<</Type/XRef/W[1 4 2]/Size 6/Root 1 0 R"));
        assert!(text.ends_with("%%EOF"));
    }

    #[test]
    fn an_object_stream_tells_where_each_object_is() {
        let (bytes, first) = object_stream(&[(1, b"<<>>"), (12, b"[1 0 R]")]);
        assert_eq!(bytes, b"1 0 12 5 <<>>\n[1 0 R]\n");
        assert_eq!(&bytes[first..first + 4], b"<<>>");
    }

    #[test]
    fn what_is_not_formed_so_is_left_alone() {
        let good = file(FILE);
        for length in 0..good.len() {
            assert!(packed(&good[..length]).is_none(), "{length}");
        }
        for (from, to) in [
            ("xref\n0 4", "xref\n0 5"),
            ("00000 n", "00001 n"),
            ("/Size 4", "/Size 5"),
            ("2 0 obj", "7 0 obj"),
        ] {
            let changed = String::from_utf8(good.clone()).unwrap().replace(from, to);
            assert!(packed(changed.as_bytes()).is_none(), "{from}");
        }
    }
}
