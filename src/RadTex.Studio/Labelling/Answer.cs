using System.Globalization;

namespace RadTex.Studio.Labelling;

/// <summary>What a reader says of a finding in a picture: a class, or why there is none. Uncertain and not assessable are never negatives.</summary>
public readonly record struct Answer
{
    private const string UncertainText = "uncertain", NotAssessableText = "not assessable";

    private Answer(int? category, bool isUncertain) => (Class, IsUncertain) = (category, isUncertain);

    /// <summary>0 absent and 1 present, or a grade; null for none.</summary>
    public int? Class { get; }

    /// <summary>Whether the reader cannot tell.</summary>
    public bool IsUncertain { get; }

    /// <summary>Whether the picture does not allow an answer.</summary>
    public bool IsNotAssessable => Class is null && !IsUncertain;

    /// <summary>The reader cannot tell from this picture.</summary>
    public static Answer Uncertain { get; } = new(null, true);

    /// <summary>The picture does not allow an answer, as where the finding's place is not in it.</summary>
    public static Answer NotAssessable { get; } = new(null, false);

    /// <summary>A class.</summary>
    public static Answer Of(int category)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(category);
        return new(category, false);
    }

    /// <summary>As it stands in a project.</summary>
    public override string ToString() =>
        Class is { } value ? value.ToString(CultureInfo.InvariantCulture) : IsUncertain ? UncertainText : NotAssessableText;

    /// <summary>Reads what a project or a page says.</summary>
    /// <param name="text">A number, "uncertain" or "not assessable".</param>
    /// <param name="classes">C: 2, or as many as there are grades.</param>
    /// <exception cref="UserErrorException">It is none of those.</exception>
    public static Answer Parse(string text, int classes) => text switch
    {
        UncertainText => Uncertain,
        NotAssessableText => NotAssessable,
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value < classes ? Of(value)
            : throw new UserErrorException(
                $"'{PrintableText.Of(text)}' is no answer. Expected 0 to {classes - 1}, {UncertainText} or {NotAssessableText}."),
    };
}
