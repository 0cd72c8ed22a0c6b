namespace RadTex.Heads;

/// <summary>The names of heads in commands and files.</summary>
public static class HeadKinds
{
    /// <summary>"logistic", "paper" or "fine-tuned", as commands and files name it.</summary>
    public static string Name(this HeadKind kind) => kind switch
    {
        HeadKind.Paper => "paper",
        HeadKind.FineTuned => "fine-tuned",
        _ => "logistic",
    };

    /// <summary>Reads a name as <see cref="Name"/> writes it.</summary>
    /// <exception cref="UserErrorException">No such head.</exception>
    internal static HeadKind Read(string name) => name == HeadKind.FineTuned.Name() ? HeadKind.FineTuned : Parse(name);

    /// <summary>Reads the name of a head on a frozen encoder.</summary>
    /// <exception cref="UserErrorException">No such head.</exception>
    public static HeadKind Parse(string name) => name switch
    {
        "logistic" => HeadKind.Logistic,
        "paper" => HeadKind.Paper,
        _ => throw new UserErrorException($"Head '{name}' is not known. Expected logistic or paper."),
    };
}
