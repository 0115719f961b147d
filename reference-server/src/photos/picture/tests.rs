//! What people send, and what tries to break us.

use super::*;

fn sample(width: u32, height: u32) -> DynamicImage {
    let color = |x: u32, y: u32| image::Rgb([(x % 251) as u8, (y % 241) as u8, ((x * y) % 239) as u8]);
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, color))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

fn dimensions(jpeg: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).expect("a JPEG");
    (picture.width(), picture.height())
}

#[test]
fn every_format_becomes_a_large_and_a_small_jpeg() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let rendered = render(&encoded(&sample(2_000, 1_000), format)).expect("a photo");
        assert_eq!(dimensions(&rendered.large), (1_600, 800), "{format:?}");
        assert_eq!(dimensions(&rendered.small), (640, 320), "{format:?}");
    }
}

#[test]
fn small_picture_is_not_blown_up() {
    let rendered = render(&encoded(&sample(40, 30), ImageFormat::Png)).expect("a photo");
    assert_eq!((dimensions(&rendered.large), dimensions(&rendered.small)), ((40, 30), (40, 30)));
}

#[test]
fn what_is_transparent_becomes_white() {
    let clear = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(8, 8, image::Rgba([0, 0, 0, 0])));
    let rendered = render(&encoded(&clear, ImageFormat::Png)).expect("a photo");
    let seen = image::load_from_memory(&rendered.large).expect("a JPEG").to_rgb8();
    assert!(seen.pixels().all(|pixel| pixel.0.iter().all(|&color| color > 250)));
}

/// A JPEG with an Exif segment: a position, and a camera that was turned by a quarter.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    exif.extend(b"\x01\x0e\0\x02\0\0\0\x10\0\0\0\x26");
    exif.extend(b"\0\0\0\0");
    exif.extend(b"GPS 27.69,85.34\0");
    let length = u16::try_from(exif.len() + 2).expect("short");
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xFF, 0xE1]);
    bytes.extend(length.to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

#[test]
fn picture_is_turned_upright_and_says_nothing_of_where_it_was_taken() {
    let file = with_exif(&encoded(&sample(60, 40), ImageFormat::Jpeg));
    let rendered = render(&file).expect("a photo");
    assert_eq!(dimensions(&rendered.large), (40, 60));
    for jpeg in [&rendered.large, &rendered.small] {
        assert!(!jpeg.windows(4).any(|part| part == b"Exif" || part == b"GPS "));
    }
}

#[test]
fn what_is_no_picture_is_refused_whatever_it_begins_with() {
    for file in
        [&b""[..], b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a\x01\0\x01\0", b"%PDF-1.7"]
    {
        assert_eq!(render(file).err(), Some(PictureError::Unsupported));
    }
    for file in [&b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "] {
        assert_eq!(render(file).err(), Some(PictureError::Damaged), "{file:?}");
    }
}

#[test]
fn truncated_file_is_refused_wherever_it_was_cut() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = encoded(&sample(120, 90), format);
        for kept in [file.len() / 4, file.len() / 2, file.len() * 9 / 10, file.len() * 99 / 100] {
            assert_eq!(render(&file[..kept]).err(), Some(PictureError::Damaged), "{format:?} {kept}");
        }
    }
}

/// The header of a PNG, and nothing that could be decoded: refused before a pixel of it is.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut file = encoded(&sample(1, 1), ImageFormat::Png);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&file[12..29]);
    file[29..33].copy_from_slice(&crc.to_be_bytes());
    file
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1)))
    })
}

#[test]
fn bomb_is_refused_before_it_is_decoded() {
    for (width, height) in [(10_000, 10_000), (8_000, 5_001), (u32::MAX >> 1, u32::MAX >> 1), (16_001, 1)] {
        assert_eq!(
            render(&png_of(width, height)).err(),
            Some(PictureError::TooManyPixels),
            "{width}x{height}"
        );
    }
}
