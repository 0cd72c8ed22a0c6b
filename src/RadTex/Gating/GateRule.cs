namespace RadTex.Gating;

/// <summary>Why a picture is not judged, in the order in which it is asked.</summary>
public enum GateRule
{
    /// <summary>Its header states another modality than radiography (CR, DX, DR).</summary>
    Modality,

    /// <summary>Its header or its row states a view that is not frontal.</summary>
    View,

    /// <summary>Its header states a body part other than the chest.</summary>
    BodyPart,

    /// <summary>It is one grey, or nearly.</summary>
    Blank,

    /// <summary>It is a negative: bone dark.</summary>
    Inverted,

    /// <summary>It lies on its side or stands on its head.</summary>
    Turned,

    /// <summary>It looks like a lateral radiograph; no header says so.</summary>
    Lateral,

    /// <summary>It is unlike the radiographs that the model learnt from.</summary>
    Unlike,
}
