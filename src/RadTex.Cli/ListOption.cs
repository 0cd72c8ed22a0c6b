using System.CommandLine;

namespace RadTex.Cli;

/// <summary>An option whose text is a list with commas. Each item is read when the command line is parsed, before any work.</summary>
/// <typeparam name="T">An item.</typeparam>
internal sealed class ListOption<T> : Option<string?>
{
    private readonly Func<string, string, T> read;

    /// <param name="name">Such as "--examples".</param>
    /// <param name="read">Reads an item, given the option's name and the item's text; throws <see cref="UserErrorException"/>.</param>
    internal ListOption(string name, Func<string, string, T> read) : base(name)
    {
        this.read = read;
        Validators.Add(result =>
        {
            try
            {
                if (result.Tokens.Count > 0) Read(result.Tokens[^1].Value);
            }
            catch (UserErrorException e) { result.AddError(e.Message); }
        });
    }

    /// <summary>The items; null where the option was not given and has no default.</summary>
    internal T[]? Items(ParseResult parsed) => parsed.GetValue(this) is { } text ? Read(text) : null;

    private T[] Read(string text)
    {
        string[] items = text.Split(',', StringSplitOptions.TrimEntries);
        return items.Any(item => item.Length == 0)
            ? throw new UserErrorException($"{Name} '{text}': expected a list with commas and no empty item.")
            : [.. items.Select(item => read(Name, item))];
    }
}

/// <summary>Items that several commands' lists have.</summary>
internal static class ListItems
{
    /// <summary>A number of labelled radiographs; null for all.</summary>
    internal static int? Examples(string name, string text) =>
        text == "all" ? null
        : PlainNumber.TryParse(text, out int n) && n >= 2 ? n
        : throw new UserErrorException($"{name} '{text}': expected whole numbers of 2 or more with commas, or all.");

    /// <summary>A whole number of 2 or more, such as a batch size.</summary>
    internal static int Batch(string name, string text) =>
        PlainNumber.TryParse(text, out int n) && n >= 2
            ? n
            : throw new UserErrorException($"{name} '{text}': expected whole numbers of 2 or more with commas.");
}
