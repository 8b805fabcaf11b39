//! The pictures of the exhibits on paper.

use std::sync::Arc;

use krilla::Data;
use krilla::geom::{Rect, Size, Transform};
use krilla::image::Image;
use krilla::surface::Surface;

use super::layout::{Frame, Layout};
use super::pieces::{Kind, Photo, Piece};
use super::tags::Role;
use crate::picture::{OnPaper, Orientation};

/// Half a page: what the log says of an exhibit stands on the sheet of its picture.
const TALLEST: f32 = 380.0;
/// Points of a pixel, at most: a small picture stays small, and sharp.
const PIXEL: f32 = 0.75;

/// A picture as wide as it may be. `false` if it is none that a PDF file can hold.
pub(super) fn photo(
    layout: &mut Layout<'_>,
    on_paper: &OnPaper,
    description: String,
    frame: Frame,
    out: &mut Vec<Piece>,
) -> bool {
    let bytes: Arc<dyn AsRef<[u8]> + Send + Sync> = on_paper.jpeg.clone();
    let Ok(image) = Image::from_jpeg(Data::from(bytes), false) else {
        return false;
    };
    let orientation = on_paper.orientation;
    let (width, height) = match orientation.is_sideways() {
        true => (on_paper.height, on_paper.width),
        false => (on_paper.width, on_paper.height),
    };
    let (width, height) = (width as f32, height as f32);
    let scale = (frame.width / width).min(TALLEST / height).min(PIXEL);
    let node = layout.tags.add(Role::Figure { description });
    out.push(Piece::kept(Kind::Photo(Photo {
        x: frame.x,
        width: width * scale,
        height: height * scale,
        image,
        orientation,
        node,
    })));
    out.push(Piece::kept(Kind::Space(4.0)));
    true
}

/// Makes the picture among these pieces smaller by what they are too high, so that the last line about an
/// exhibit stands on its sheet and not over the next one. Never to less than half.
pub(super) fn shrink(pieces: &mut [Piece], most: f32) {
    let excess = pieces.iter().map(Piece::height).sum::<f32>() - most;
    if excess <= 0.0 {
        return;
    }
    for piece in pieces {
        if let Kind::Photo(photo) = &mut piece.kind {
            let height = photo.height - excess - 1.0;
            if height >= photo.height / 2.0 {
                photo.width *= height / photo.height;
                photo.height = height;
            }
            return;
        }
    }
}

/// Draws it into its place, turned as it is to be looked at.
pub(super) fn draw(surface: &mut Surface<'_>, photo: &Photo, place: Rect) {
    let (x, y) = (place.left(), place.top());
    let (right, bottom) = (place.right(), place.bottom());
    // Where a point of the stored picture comes to lie: along, across and from where.
    let (a, b, c, d, e, f) = match photo.orientation {
        Orientation::AsStored => (1.0, 0.0, 0.0, 1.0, x, y),
        Orientation::Mirrored => (-1.0, 0.0, 0.0, 1.0, right, y),
        Orientation::Turned180 => (-1.0, 0.0, 0.0, -1.0, right, bottom),
        Orientation::Flipped => (1.0, 0.0, 0.0, -1.0, x, bottom),
        Orientation::Transposed => (0.0, 1.0, 1.0, 0.0, x, y),
        Orientation::TurnedRight => (0.0, 1.0, -1.0, 0.0, right, y),
        Orientation::Transversed => (0.0, -1.0, -1.0, 0.0, right, bottom),
        Orientation::TurnedLeft => (0.0, -1.0, 1.0, 0.0, x, bottom),
    };
    let (width, height) = match photo.orientation.is_sideways() {
        true => (place.height(), place.width()),
        false => (place.width(), place.height()),
    };
    if let Some(size) = Size::from_wh(width, height) {
        surface.push_transform(&Transform::from_row(a, b, c, d, e, f));
        surface.draw_image(photo.image.clone(), size);
        surface.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::super::pages::HEIGHT;
    use super::super::tags::Tags;
    use super::*;
    use crate::picture::samples;

    #[test]
    fn a_picture_gives_way_to_what_is_said_of_it_up_to_a_half() {
        for (below, shown) in [
            (200.0, 380.0),
            (HEIGHT - 380.0, 380.0),
            (HEIGHT - 360.0, 359.0),
            (HEIGHT - 191.5, 190.5),
            (HEIGHT - 100.0, 380.0),
        ] {
            let node = Tags::default().add(Role::Figure {
                description: String::new(),
            });
            let photo = Photo {
                x: 0.0,
                width: 190.0,
                height: 380.0,
                image: Image::from_jpeg(Data::from(samples::jpeg(8, 16, 1)), false).unwrap(),
                orientation: Orientation::AsStored,
                node,
            };
            let mut pieces = [
                Piece::kept(Kind::Photo(photo)),
                Piece::new(Kind::Space(below)),
            ];
            shrink(&mut pieces, HEIGHT);
            let Kind::Photo(photo) = &pieces[0].kind else {
                panic!("the picture is gone");
            };
            assert!(
                (photo.height - shown).abs() < 0.1,
                "{below}: {}",
                photo.height
            );
            assert!((photo.width * 2.0 - photo.height).abs() < 0.1);
        }
    }
}
