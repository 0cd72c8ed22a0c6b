using System.CommandLine;

namespace RadTex.Cli.Commands;

/// <summary>
/// <c>radtex completion SHELL</c> prints what a shell needs to complete command lines; the hidden <c>radtex complete</c> is what that asks.
/// </summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        // Where nothing of radtex fits, the shell goes on with file names.
        ["bash"] = """
            # source <(radtex completion bash)
            _radtex() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$(radtex complete --position "$COMP_POINT" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _radtex radtex
            """,
        ["zsh"] = """
            # source <(radtex completion zsh)
            _radtex() {
                local -a words_of_radtex
                words_of_radtex=(${(f)"$(radtex complete --position $CURSOR "$BUFFER" 2>/dev/null)"})
                if (( $#words_of_radtex )); then compadd -- $words_of_radtex; else _files; fi
            }
            compdef _radtex radtex
            """,
        ["fish"] = """
            # radtex completion fish | source
            complete -c radtex -a '(radtex complete --position (commandline -C) -- (commandline) 2>/dev/null)'
            """,
        ["pwsh"] = """
            # radtex completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName radtex -ScriptBlock {
                param($word, $tree, $position)
                radtex complete --position $position "$tree" 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };

    internal static Command Build()
    {
        var shell = new Argument<string>("SHELL") { Description = $"One of {string.Join(", ", Scripts.Keys)}." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print completion for a shell; its first line says how to load it.") { shell };
        command.SetAction(parsed =>
        {
            Console.WriteLine(Scripts[parsed.GetRequiredValue(shell)]);
            return RadTexCommand.Success;
        });
        return command;
    }

    internal static Command BuildAnswer()
    {
        var line = new Argument<string>("LINE") { Arity = ArgumentArity.ZeroOrOne };
        var position = new Option<int?>("--position");
        var command = new Command("complete", "Answer a shell's question.") { line, position };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var text = parsed.GetValue(line) ?? "";
            foreach (var completion in Completions(text, parsed.GetValue(position) ?? text.Length)) Console.WriteLine(completion);
            return RadTexCommand.Success;
        });
        return command;
    }

    /// <summary>What may stand at a place of a command line that begins with "radtex".</summary>
    internal static IReadOnlyList<string> Completions(string line, int position)
    {
        position = Math.Clamp(position, 0, line.Length);
        var start = line.IndexOf(' ', StringComparison.Ordinal) + 1; // after the program's name, however it was called
        if (start == 0 || position < start) return [];
        return [.. RadTexCommand.Build().Parse(line[start..]).GetCompletions(position - start).Select(c => c.Label)
            .Where(l => !l.StartsWith('/') && l is not ("-?" or "-h")).Distinct()];
    }
}
