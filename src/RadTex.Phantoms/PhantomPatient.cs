namespace RadTex.Phantoms;

/// <summary>A synthetic patient: a body that stays, and one to four studies of it in order of date.</summary>
internal sealed record PhantomPatient(
    int Index, int SubjectId, bool IsFemale, int AgeYears, string Split, Anatomy Anatomy, IReadOnlyList<PhantomStudy> Studies);

/// <summary>
/// One visit: what is there, how the body was placed, and one or two exposures. Edema severity is 0 none, 1 vascular congestion,
/// 2 interstitial, 3 alveolar. The heart ratio is the heart's width over the inner width of the thorax, as drawn. Trends and the resolved
/// lesions are against the study before, which is null for the first.
/// </summary>
internal sealed record PhantomStudy(
    int Index,
    int StudyId,
    DateTime Time,
    bool IsAnteroposterior,
    string Reason,
    IReadOnlyList<Lesion> Lesions,
    int EdemaSeverity,
    Trend EdemaTrend,
    float EdemaContrast,
    float HeartRatio,
    IReadOnlyList<Lesion> Resolved,
    PhantomStudy? Prior,
    IReadOnlyList<Exposure> Exposures)
{
    /// <summary>Whether the finding is drawn. A lung opacity is there with each of its kinds, as in CheXpert's hierarchy.</summary>
    internal bool Has(PhantomFinding finding) => finding switch
    {
        PhantomFinding.Edema => EdemaSeverity > 0,
        PhantomFinding.LungOpacity => EdemaSeverity == 3 || Lesions.Any(l =>
            l.Finding is PhantomFinding.LungOpacity or PhantomFinding.Atelectasis or PhantomFinding.Consolidation or PhantomFinding.Pneumonia),
        _ => Lesions.Any(l => l.Finding == finding),
    };

    /// <summary>The contrast of the finding's plainest lesion; null where it is absent.</summary>
    internal float? Contrast(PhantomFinding finding)
    {
        if (finding == PhantomFinding.Edema) return EdemaSeverity > 0 ? EdemaContrast : null;
        var contrasts = Lesions.Where(l => l.Finding == finding || (finding == PhantomFinding.LungOpacity
            && l.Finding is PhantomFinding.Atelectasis or PhantomFinding.Consolidation or PhantomFinding.Pneumonia)).Select(l => (float?)l.Contrast);
        return contrasts.Append(finding == PhantomFinding.LungOpacity && EdemaSeverity == 3 ? EdemaContrast : null).Max();
    }
}

/// <summary>The body a patient keeps. Lengths in the thorax frame, thicknesses in centimetres.</summary>
internal sealed record Anatomy(
    float ThoraxWidth,
    float ThoraxHeight,
    float BodyThicknessCm,
    float BodyWidth,
    float HeartRatio,
    float AorticKnob,
    float RibWidth,
    float RibDensity,
    float RibSlope,
    float Scoliosis,
    float BreastSize,
    float LungDensity,
    float VesselScale,
    ulong Seed);

/// <summary>One exposure: position, breath, technique and display.</summary>
internal sealed record Exposure(
    string DicomId,
    int Width,
    int Height,
    float Zoom,
    float ShiftX,
    float ShiftY,
    float TiltRadians,
    float Turn,
    float DiaphragmRise,
    float Dose,
    float BlurPixels,
    float ScatterShare,
    float WindowCentre,
    float WindowWidth,
    float Gamma,
    float GradientX,
    float GradientY,
    bool HasMonitorWires,
    bool HasMarker,
    int CollimatedEdge,
    ulong Seed);
