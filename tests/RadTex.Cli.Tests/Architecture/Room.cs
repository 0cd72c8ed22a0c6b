namespace RadTex.Cli.Tests.Architecture;

/// <summary>A folder of a project with one purpose.</summary>
/// <param name="Project">The assembly, such as "RadTex.Learning".</param>
/// <param name="Name">The folder; empty for files at the project's root.</param>
/// <param name="Purpose">What lives there, as docs/architecture.md says it.</param>
/// <param name="Knows">The rooms it may name, "Project/Name" or, of its own project, "Name". Every room knows the root of RadTex.</param>
internal sealed record Room(string Project, string Name, string Purpose, params string[] Knows)
{
    internal string Namespace => Name.Length == 0 ? Project : $"{Project}.{Name}";

    /// <summary>The rooms it may name, as namespaces.</summary>
    internal IEnumerable<string> KnownNamespaces => Knows.Select(known => known.Contains('/')
        ? known.TrimEnd('/').Replace('/', '.') : $"{Project}.{known}");
}
