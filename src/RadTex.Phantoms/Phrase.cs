using System.Text;

namespace RadTex.Phantoms;

/// <summary>Writes one of the sentences a template stands for: <c>[a|b|]</c> is any one of its parts, parts may hold further choices.</summary>
internal static class Phrase
{
    internal static string Expand(CounterRandom random, string template)
    {
        var text = new StringBuilder();
        int position = 0;
        Sequence(random, template, ref position, text, isWanted: true);
        // Choices may leave two spaces, one before a stop, or a comma before one.
        while (text.ToString().Contains("  ", StringComparison.Ordinal)) text.Replace("  ", " ");
        var sentence = text.Replace(" .", ".").Replace(" ,", ",").Replace(",.", ".").ToString().Trim();
        for (int i = sentence.Length - 3; i >= 0; i--) // "a", then a space, then a vowel
            if (
                sentence[i] is 'a' or 'A' && (i == 0 || sentence[i - 1] == ' ') && sentence[i + 1] == ' '
                    && "aeioAEIO".Contains(sentence[i + 2], StringComparison.Ordinal))
                sentence = sentence.Insert(i + 1, "n");
        return sentence.Length == 0 ? sentence : char.ToUpperInvariant(sentence[0]) + sentence[1..];
    }

    // Reads up to the closing | or ] of the part it is in.
    private static void Sequence(CounterRandom random, string template, ref int position, StringBuilder text, bool isWanted)
    {
        while (position < template.Length && template[position] is not ('|' or ']'))
        {
            if (template[position] != '[')
            {
                if (isWanted) text.Append(template[position]);
                position++;
                continue;
            }
            position++;
            int chosen = isWanted ? random.Integer(0, CountParts(template, position)) : -1;
            for (int part = 0; ; part++)
            {
                Sequence(random, template, ref position, text, isWanted && part == chosen);
                if (template[position++] == ']') break;
            }
        }
    }

    private static int CountParts(string template, int position)
    {
        int parts = 1;
        for (int depth = 0; depth > 0 || template[position] != ']'; position++)
        {
            if (template[position] == '[') depth++;
            else if (template[position] == ']') depth--;
            else if (template[position] == '|' && depth == 0) parts++;
        }
        return parts;
    }

    internal static string SideWord(int side) => side < 0 ? "right" : "left";

    /// <summary>"a, b or c".</summary>
    internal static string Join(IReadOnlyList<string> items, string conjunction) => items.Count switch
    {
        0 => "",
        1 => items[0],
        _ => $"{string.Join(", ", items.Take(items.Count - 1))} {conjunction} {items[^1]}",
    };

    internal static string Amount(float magnitude) => magnitude < 0.35f
        ? "[small|small|trace|tiny|minimal]"
        : magnitude < 0.68f
        ? "[moderate|moderate-sized|moderate|small to moderate]"
        : "[large|large|substantial|moderate to large]";

    internal static string Degree(float magnitude) => magnitude < 0.35f
        ? "[mild|slight|mild|minimal]"
        : magnitude < 0.68f
        ? "[moderate|mild to moderate|moderate]"
        : "[severe|marked|moderate to severe]";

    /// <summary>Where in the lungs, as a noun phrase after "in" or "at".</summary>
    internal static string Location(Lesion lesion) => lesion.Site switch
    {
        "upper" => $"the {SideWord(lesion.Side)} [upper lobe|upper lung|upper lung zone|upper lobe|apex]",
        "mid" => lesion.Side < 0
            ? "the right [mid lung|middle lobe|mid lung zone|perihilar region]"
            : "the left [mid lung|mid lung zone|lingula|perihilar region]",
        "retrocardiac" => "the [retrocardiac region|left retrocardiac region|left lower lobe]",
        _ => $"the {SideWord(lesion.Side)} [lower lobe|lung base|base|lower lung|lower lung zone]",
    };

    /// <summary>The place in the one wording of the systematic style.</summary>
    internal static string PlainPlace(Lesion lesion) => lesion.Site == "retrocardiac" ? "left lower" : $"{SideWord(lesion.Side)} {lesion.Site}";
}
