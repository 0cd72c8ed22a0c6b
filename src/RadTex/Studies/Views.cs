namespace RadTex.Studies;

/// <summary>The names of projections.</summary>
public static class Views
{
    /// <summary>
    /// Why a view is not taken where frontal ones are wanted, as a <see cref="RejectReason"/> and what was found; null for a frontal one.
    /// </summary>
    public static (string Code, string Detail)? Refuse(string view) =>
        view.Length == 0 ? (RejectReason.UnknownView, "neither its row nor its file says its view")
        : !IsFrontal(view) ? (RejectReason.NotFrontal, view.Length <= 32 ? $"view {view}" : "view is a long text")
        : null;

    /// <summary>
    /// Whether a view is frontal: AP or PA, alone or with a posture (<c>AP Supine</c>, <c>AP_horizontal</c>, <c>PA erect</c>), or the word frontal.
    /// For MIMIC-CXR-JPG this is the usual rule ViewPosition in {AP, PA}; obliques, decubitus and laterals are not frontal.
    /// </summary>
    public static bool IsFrontal(string view)
    {
        var words = view.ToUpperInvariant().Split([' ', '_', '-', '/', '(', ')', ','], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0
            && words[0] is "AP" or "PA" or "FRONTAL"
            && words.Skip(1).All(
                w => w is "AP" or "PA" or "SUPINE" or "ERECT" or "UPRIGHT" or "HORIZONTAL" or "PORTABLE" or "SEMIERECT" or "FRONTAL");
    }
}
