using RadTex.Imaging;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Preparing;

/// <summary>How a dataset is prepared.</summary>
/// <param name="Output">The folder to make.</param>
/// <param name="Studies">What is taken from the source and how it is split.</param>
/// <param name="ShortSide">The shorter side of every radiograph, in pixels.</param>
/// <param name="Text">The part of a report that is taken; null for the source's default: findings of a report, the whole of a caption.</param>
/// <param name="RequireText">Leave out radiographs without text; null for the source's default: yes where the texts are reports.</param>
/// <param name="Workers">How many images are read at once; 0 for one a processor. It does not change the result.</param>
/// <param name="Intensity">How stored values become grey levels.</param>
/// <param name="AnyModality">Take DICOM of any modality, not of radiography alone.</param>
/// <param name="MostFaults">The share of inputs that may be faulty (see <see cref="RejectReason.IsFault"/>), 0 to 1; beyond it the preparation
/// fails.</param>
/// <param name="Cleaning">What is taken out of the text; null for nothing.</param>
/// <param name="SectionOverrides">A table of corrections by hand to reports' sections; null for none.</param>
/// <param name="Force">Replace another dataset, or another unfinished preparation, of the same name.</param>
/// <param name="Update">Replace the dataset of that name by one of what the source holds now, taking over pictures whose files have not
/// changed.</param>
public sealed record PreparationOptions(
    string Output,
    StudyOptions Studies,
    int ShortSide = 256,
    SectionPolicy? Text = null,
    bool? RequireText = null,
    int Workers = 0,
    ImageIntensity Intensity = ImageIntensity.Display,
    bool AnyModality = false,
    double MostFaults = PreparationOptions.UsualMostFaults,
    TextCleaning? Cleaning = null,
    string? SectionOverrides = null,
    bool Force = false,
    bool Update = false)
{
    /// <summary>The share of faulty inputs, 0 to 1, that is borne where nothing else is asked for.</summary>
    public const double UsualMostFaults = 0.05;

    /// <summary>How a report of a source becomes a caption.</summary>
    internal CaptionRule CaptionRule(StudySource source) => new(
        Text ?? (source.TextsAreReports ? SectionPolicy.Findings : SectionPolicy.WholeReport), Cleaning ?? TextCleaning.None,
        SectionOverrides is null ? null : RadTex.Text.SectionOverrides.Read(SectionOverrides));
}
