//! `mlatho convert FILE…`: the file route; keeps nothing.

use mlatho_pipeline::{ConvertRequest, Delivery, FileFormat, convert as convert_files};

use super::{Context, Done, Failure};
use crate::arguments::{Convert, Format, Payload};

pub(super) fn convert(context: &Context, args: Convert) -> Result<Done, Failure> {
    let project = context.project()?;
    let format = file_format(args.payload);
    let delivery = match (args.out, args.post) {
        (Some(folder), _) => Delivery::Files { folder, format },
        (None, Some(url)) => Delivery::Post { url },
        (None, None) => unreachable!("clap requires one of them"),
    };
    let request = ConvertRequest { files: args.files, source: args.source, target: args.target, delivery };
    let mut findings = Vec::new();
    let counts = convert_files(&project, &request, &mut findings)?;
    context.report(&findings)?;
    let fields = serde_json::to_value(&counts).map_err(std::io::Error::from)?;
    if context.out.format == Format::Json {
        context.out.line(&fields.to_string())?;
    } else {
        let rows = fields.as_object().into_iter().flatten();
        let rows: Vec<Vec<String>> = rows
            .map(|(name, count)| {
                let name = match context.out.format {
                    Format::Csv => name.clone(),
                    _ => context.out.texts.say(&format!("count-{}", name.replace('_', "-")), &[]),
                };
                vec![name, count.as_str().map_or_else(|| count.to_string(), Into::into)]
            })
            .collect();
        context.out.table(&["count", "number"], &rows)?;
    }
    Ok(Done::Well)
}

pub(super) const fn file_format(payload: Payload) -> FileFormat {
    match payload {
        Payload::Json => FileFormat::Json,
        Payload::Csv => FileFormat::Csv,
        Payload::Adx => FileFormat::Adx,
    }
}
