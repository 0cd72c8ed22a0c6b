namespace RadTex.Studies;

/// <summary>Which projections are taken.</summary>
public enum ViewFilter
{
    /// <summary>Frontal views only (AP, PA and their kinds, see <see cref="Views"/>).</summary>
    Frontal,

    /// <summary>Every view.</summary>
    All,
}
