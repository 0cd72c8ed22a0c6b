namespace RadTex.Phantoms;

/// <summary>How the Findings section is written.</summary>
public enum PhantomReportStyle
{
    /// <summary>As radiologists do: varied order, only some absences named, hedges, comparison with priors.</summary>
    Radiologist,

    /// <summary>Every one of the nine findings addressed, in one fixed order, without hedges.</summary>
    Systematic,
}
