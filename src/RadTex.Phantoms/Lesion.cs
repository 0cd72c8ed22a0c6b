namespace RadTex.Phantoms;

/// <summary>How a lesion compares with the patient's study before.</summary>
internal enum Trend
{
    NoPrior,
    New,
    Unchanged,
    Larger,
    Smaller,
}

/// <summary>
/// One drawn thing that is to be found: an opacity, a pleural fluid collection, a tube. Its place is kept from study to study, its
/// magnitude evolves. Lengths are in the thorax frame (see <see cref="ThoraxFrame"/>), where half a chest is 1 wide.
/// </summary>
/// <param name="Finding">What it is.</param>
/// <param name="Side">-1 the patient's right (left in the picture), 1 the left, 0 neither or both.</param>
/// <param name="Site">Where: "upper", "mid", "lower", "retrocardiac"; a device's kind; "" for what has no site.</param>
/// <param name="Variant">Which of the finding's forms is drawn.</param>
/// <param name="Magnitude">Severity, 0.1 (slight) to 1 (severe).</param>
/// <param name="Size">Length scale after difficulty.</param>
/// <param name="Contrast">Share of the lung's air that is replaced, or optical density added, after difficulty; 0..1.</param>
/// <param name="X">Centre, to the right in the picture.</param>
/// <param name="Y">Centre, downwards.</param>
/// <param name="Seed">The stream of its shape, kept through the patient's studies.</param>
/// <param name="Trend">Against the study before.</param>
internal sealed record Lesion(
    PhantomFinding Finding,
    int Side,
    string Site,
    int Variant,
    float Magnitude,
    float Size,
    float Contrast,
    float X,
    float Y,
    ulong Seed,
    Trend Trend);
