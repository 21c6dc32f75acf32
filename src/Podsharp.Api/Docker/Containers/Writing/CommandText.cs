using Podsharp.Core.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

internal static class CommandText
{
    public static IReadOnlyList<string> Words(ProcessSpec process) => [.. process.Entrypoint ?? [], .. process.Command ?? []];

    /// <summary>As a list shows it: arguments with a blank in quotes.</summary>
    public static string Of(ProcessSpec process) =>
        string.Join(' ', Words(process).Select((word, index) => index > 0 && word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word));
}
