namespace Podsharp.Cli.Commands;

/// <summary>-e and --env-file: NAME=VALUE, or a NAME whose value is the client's own (and nothing where the client has none).</summary>
internal static class EnvironmentOption
{
    /// <param name="fileLines">Lines of the files, in order; # starts a comment at a line's beginning.</param>
    public static IReadOnlyList<string> Read(IEnumerable<string> options, IEnumerable<string> fileLines, Func<string, string?> environment)
    {
        var fromFiles = fileLines.Select(line => line.TrimStart()).Where(line => line.Length > 0 && line[0] != '#');
        List<string> variables = [];
        foreach (var variable in fromFiles.Concat(options))
        {
            if (variable.Length == 0 || variable[0] == '=') throw new CliFailure($"invalid environment variable: \"{variable}\"", ExitCodes.EngineFailed);
            if (variable.Contains('=', StringComparison.Ordinal)) variables.Add(variable);
            else if (environment(variable) is { } value) variables.Add($"{variable}={value}");
        }

        return variables;
    }
}
