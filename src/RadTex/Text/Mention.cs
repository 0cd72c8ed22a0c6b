namespace RadTex.Text;

/// <summary>How a text speaks of a finding; of several mentions the greater one counts.</summary>
public enum Mention
{
    Negative,
    Uncertain,
    Positive,
}
