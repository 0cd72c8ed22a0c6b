namespace RadTex.Studies;

/// <summary>Which part of an archive a radiograph belongs to. Splits never share a patient.</summary>
public enum Split
{
    Train,
    Validate,
    Test,
}
