use super::*;
use domain::calendar::Day;
use rust_decimal::Decimal;

fn cells(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
    let lines = read(bytes, None).unwrap();
    lines.into_iter().map(|line| (line.number, line.cells)).collect()
}

fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
    (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

#[test]
fn rows_keep_the_numbers_that_a_spreadsheet_gives_them() {
    let text = "品目,数量\r\n\r\n\"a,b\",1\n\"two\r\nlines\",\"say \"\"x\"\"\"\n,\nc,3";
    let expected = [
        row(1, &["品目", "数量"]),
        row(3, &["a,b", "1"]),
        row(4, &["two\r\nlines", "say \"x\""]),
        row(6, &["c", "3"]),
    ];
    assert_eq!(cells(text.as_bytes()), expected);
    // cells copied out of a spreadsheet
    assert_eq!(
        cells("a\tb,c\n1\t2".as_bytes()),
        [row(1, &["a", "b,c"]), row(2, &["1", "2"])]
    );
    // Macintosh's line ends, and a quotation mark within a cell
    assert_eq!(cells(b"a,b\r5\",2"), [row(1, &["a", "b"]), row(2, &["5\"", "2"])]);
}

#[test]
fn the_encoding_is_told_from_the_bytes() {
    let expected = [row(1, &["品目", "髙橋①"])];
    assert_eq!(cells("品目,髙橋①".as_bytes()), expected);
    assert_eq!(cells("\u{feff}品目,髙橋①".as_bytes()), expected);
    let (cp932, _, is_lossy) = encoding_rs::SHIFT_JIS.encode("品目,髙橋①");
    assert!(!is_lossy);
    assert_eq!(cells(&cp932), expected);
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend("品目,髙橋①".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(cells(&utf16), expected);
    // neither of them: nothing is guessed
    for wrong in [&b"\x82\xa0,\xff\xfd"[..], b"\xe3\x81,\x80\xa0", b"a\0b"] {
        assert_eq!(read(wrong, None), Err(TableError::Encoding));
    }
}

#[test]
fn what_is_too_much_or_broken_is_told() {
    let error = |bytes: &[u8]| read(bytes, None).unwrap_err();
    assert_eq!(error(b"a,b\n\"open,1\n2,3"), TableError::QuoteOpen { row: 2 });
    assert_eq!(error(b"\n ,,\n"), TableError::Empty);
    assert_eq!(error(&vec![b'a'; FILE_LIMIT + 1]), TableError::TooLarge);
    let rows = "x\n".repeat(ROW_LIMIT + 1);
    assert_eq!(cells(rows.as_bytes()).len(), ROW_LIMIT + 1, "with its headings");
    assert_eq!(error((rows + "x").as_bytes()), TableError::TooManyRows);
    assert_eq!(error(",".repeat(COLUMN_LIMIT).as_bytes()), TableError::Empty);
    assert_eq!(
        error((",".repeat(COLUMN_LIMIT) + "x").as_bytes()),
        TableError::TooManyColumns { row: 1 }
    );
    assert_eq!(
        error("あ".repeat(CELL_LIMIT + 1).as_bytes()),
        TableError::CellTooLong { row: 1 }
    );
    assert_eq!(error(b"\xd0\xcf\x11\xe0\xa1\xb1"), TableError::OldOrLocked);
    assert_eq!(error(b"PK\x03\x04 broken"), TableError::NotExcel);
}

#[test]
fn numbers_of_excel_are_read_as_they_are_shown() {
    for (stored, read) in [
        (0.1 + 0.2, "0.3"),
        (1e-3, "0.001"),
        (12.5, "12.5"),
        (1200.0, "1200"),
        (-3.0, "-3"),
        (46348.0, "46348"),
        (1e15, "1000000000000000"),
        (-0.0, "0"),
    ] {
        assert_eq!(number::shown(&format!("{stored:e}")), read);
    }
    assert_eq!(number::shown("1e300"), "1e300");
}

fn list() -> List {
    List {
        name: "在庫/一覧".to_owned(),
        headings: ["品目", "数", "日付", "メモ"].map(str::to_owned).into(),
        rows: vec![
            vec![
                Cell::text("=HYPERLINK(\"http://x\",\"y\")"),
                Cell::Number(Decimal::new(-125, 1)),
                Cell::Day(Day::from_ymd(2026, 11, 22).unwrap()),
                Cell::Empty,
            ],
            vec![
                Cell::text("0123"),
                Cell::Number(Decimal::new(1, 3)),
                Cell::Day(Day::from_ymd(1900, 3, 1).unwrap()),
                Cell::text("a\"b,\n"),
            ],
        ],
    }
}

#[test]
fn what_is_written_is_read_again() {
    let lines = cells(&to_xlsx(&list()).unwrap());
    let expected = [
        row(1, &["品目", "数", "日付", "メモ"]),
        // a text in a cell, not a formula
        row(2, &["=HYPERLINK(\"http://x\",\"y\")", "-12.5", "2026-11-22"]),
        row(3, &["0123", "0.001", "1900-03-01", "a\"b,\n"]),
    ];
    assert_eq!(lines, expected);
    let sheet = |name| read(&to_xlsx(&list()).unwrap(), Some(name));
    assert!(sheet("在庫一覧").is_ok());
    let known = vec!["在庫一覧".to_owned()];
    let name = "2月".to_owned();
    assert_eq!(sheet("2月"), Err(TableError::NoSheet { name, known }));
}

#[test]
fn no_text_of_a_csv_runs_as_a_formula() {
    let written = String::from_utf8(to_csv(&list())).unwrap();
    let expected = "\u{feff}品目,数,日付,メモ\r\n\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",-12.5,2026-11-22,\r\n0123,0.001,1900-03-01,\"a\"\"b,\n\"\r\n";
    assert_eq!(written, expected);
    for (text, is_marked) in [
        ("=1+1", true),
        ("+81", true),
        ("-3", true),
        ("@SUM", true),
        ("\t=1", true),
        (" =1", true),
        ("＝1", true),
        ("a=1", false),
        ("にんじん", false),
    ] {
        let cell = Cell::text(text).written();
        assert_eq!(cell.starts_with('\''), is_marked, "{text}");
        // a number is no text and stays one
        assert_eq!(Cell::Number(Decimal::from(-3)).written(), "-3");
    }
}

/// A megabyte of noughts packs to a thousandth: what it unpacks to is measured, whatever the file says of itself.
#[test]
fn a_file_that_unpacks_without_end_is_refused() {
    use std::io::Write as _;
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    packed
        .start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..120 {
        packed.write_all(&block).unwrap();
    }
    let bytes = packed.finish().unwrap().into_inner();
    assert!(bytes.len() < FILE_LIMIT);
    assert_eq!(read(&bytes, None), Err(TableError::TooLarge));
}
