using System.Globalization;
using System.Text.RegularExpressions;
using Podsharp.Core.Errors;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Host;

using Table = (IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>ps(1) on the host, its rows cut to the processes asked for.</summary>
internal static partial class ProcessTable
{
    private static readonly char[] Blanks = [' ', '\t'];

    public static async Task<Table> ReadAsync(IReadOnlyList<int> pids, string arguments, CancellationToken cancellationToken)
    {
        if (arguments.Length == 0) arguments = "-ef";
        if (RenamedPid().Match(arguments) is { Success: true } renamed)
            throw EngineException.InvalidInput($"specifying \"{renamed.Value.Trim()}\" is not allowed: the PID column must keep its name");
        if (ExecutablePath.Find("ps") is not { } ps) return ProcessTableFallback.Read(pids);

        var words = arguments.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        // Some options (f …) do not go together with a list of pids: those get the whole table.
        var result = await ProcessRunner.RunAsync(new Command(ps, [.. words, "-q" + string.Join(',', pids)]), cancellationToken);
        if (!result.Succeeded) result = await ProcessRunner.RunAsync(new Command(ps, words), cancellationToken);
        if (!result.Succeeded) throw EngineException.InvalidInput($"ps: {FirstLine(result.ErrorText)}");
        return Parse(result.OutputText, pids);
    }

    internal static Table Parse(string output, IReadOnlyList<int> pids)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var titles = lines.Length > 0 ? lines[0].Split(Blanks, StringSplitOptions.RemoveEmptyEntries) : [];
        var column = Array.IndexOf(titles, "PID");
        if (column < 0) throw EngineException.InvalidInput("Couldn't find PID field in ps output");

        var wanted = pids.ToHashSet();
        var rows = new List<IReadOnlyList<string>>();
        foreach (var line in lines.Skip(1))
        {
            var fields = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            // The last column, the command, may hold blanks.
            if (fields.Length < titles.Length || !int.TryParse(fields[column], CultureInfo.InvariantCulture, out var pid) || !wanted.Contains(pid)) continue;
            rows.Add([.. fields[..(titles.Length - 1)], string.Join(' ', fields[(titles.Length - 1)..])]);
        }

        return (titles, rows);
    }

    // What follows is how ps is called, which nobody here has called.
    private static string FirstLine(string text) => text.Trim().Split('\n', 2)[0].Trim();

    [GeneratedRegex(@"(?:^|[\s,])[^\s,]*=\s*PID\b|\bpid=\S*", RegexOptions.IgnoreCase)]
    private static partial Regex RenamedPid();
}
