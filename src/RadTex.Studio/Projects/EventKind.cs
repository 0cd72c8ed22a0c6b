namespace RadTex.Studio.Projects;

/// <summary>What happened. Stored by name: a name is never given another meaning.</summary>
public enum EventKind
{
    /// <summary>The project was made; its note holds the settings.</summary>
    Created,

    /// <summary>A picture was chosen to be asked: by a policy, or from the reserve with its chance.</summary>
    Pick,

    /// <summary>A reader's first answer.</summary>
    Label,

    /// <summary>An earlier event is taken back.</summary>
    Undo,

    /// <summary>The answer to a blinded repeat.</summary>
    Repeat,

    /// <summary>Another answer after something of the model, the map or the report was seen: figures keep the first.</summary>
    Revise,

    /// <summary>The answer that readers who disagreed came to, or an adjudicator's.</summary>
    Adjudicate,

    /// <summary>Later: the picture comes again at the end.</summary>
    Skip,

    /// <summary>A reader looked at the report's text.</summary>
    ReportOpened,

    /// <summary>A reader looked at the map.</summary>
    MapOpened,

    /// <summary>A label that was brought in from a file: heads learn from it, no figure counts it. Its note names the file by its hash.</summary>
    Import,

    /// <summary>Something left the project; its note says what.</summary>
    Export,
}
