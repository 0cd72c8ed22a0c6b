namespace RadTex.Cli;

/// <summary>
/// Lays out help for the width of the terminal, in bold where it shows colour. Eighty columns where the width is not known, a hundred at most.
/// </summary>
internal sealed class HelpWriter(TextWriter output)
{
    private const int UsualWidth = 80, LargestWidth = 100;

    private readonly int width = Console.IsOutputRedirected ? UsualWidth : Math.Clamp(TerminalColour.Width, 40, LargestWidth);

    internal void Title(string name, string description)
    {
        // Words of the name are not broken; the description follows on the same line.
        var lines = Wrapped($"{name}: {description}", 0, width - 1).ToList();
        if (lines.Count == 0) return;
        output.WriteLine(TerminalColour.Bold(name) + lines[0][name.Length..]);
        foreach (var line in lines.Skip(1)) output.WriteLine(line);
    }

    internal void Heading(string title)
    {
        output.WriteLine();
        output.WriteLine(TerminalColour.Bold(title));
    }

    internal void Line(string text) => output.WriteLine(text);

    internal void Paragraph(string text, int indent)
    {
        foreach (var line in Wrapped(text, indent, width - 1)) output.WriteLine(line);
    }

    /// <summary>Names beside descriptions; a name too long for its column stands on a line of its own.</summary>
    internal void Rows(IReadOnlyList<(string Name, string Description)> rows, int widest, int indent)
    {
        int column = indent + Math.Min(widest, rows.Max(r => r.Name.Length)) + 2;
        foreach (var (name, description) in rows)
        {
            var lines = Wrapped(description, column, width - 1).ToList();
            var first = new string(' ', indent) + name;
            if (first.Length + 2 > column && lines.Count > 0) output.WriteLine(first);
            else
            {
                output.WriteLine(lines.Count == 0 ? first : first.PadRight(column) + lines[0][column..]);
                lines = [.. lines.Skip(1)];
            }
            foreach (var line in lines) output.WriteLine(line);
        }
    }

    /// <summary>Words in lines of at most <paramref name="last"/> columns, each indented.</summary>
    internal static IEnumerable<string> Wrapped(string text, int indent, int last)
    {
        var line = new string(' ', indent);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > indent && line.Length + 1 + word.Length > last)
            {
                yield return line;
                line = new string(' ', indent);
            }
            line += line.Length > indent ? $" {word}" : word;
        }
        if (line.Length > indent) yield return line;
    }
}
