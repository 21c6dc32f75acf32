using System.Globalization;
using Podsharp.Core.Host;
using Podsharp.Linux;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Host;

/// <summary>
/// What the tools say of themselves. They are asked once and all at once; a file in the run directory keeps the answers by each tool's size and
/// time, so that a start of the service runs nothing.
/// </summary>
internal sealed class ToolVersions(DriverOptions options)
{
    private const char Separator = '\t';

    private readonly string _cache = Path.Join(options.Paths.RunRoot, "tools");

    /// <param name="paths">Empty: the tool is missing.</param>
    public IReadOnlyList<ToolVersion> Of(IReadOnlyList<string> paths)
    {
        var known = Load();
        var missing = paths.Where(path => path.Length > 0 && !known.ContainsKey(Key(path))).Distinct().ToArray();
        if (missing.Length > 0)
        {
            foreach (var tool in Task.WhenAll(missing.Select(AskAsync)).GetAwaiter().GetResult()) known[Key(tool.Path)] = tool;
            Save(known);
        }

        return [.. paths.Select(path => path.Length > 0 ? known[Key(path)] : new ToolVersion("", "", "", ""))];
    }

    internal static ToolVersion Parse(string path, string output)
    {
        var lines = output.Split('\n');
        var version = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        var commit = lines.FirstOrDefault(static line => line.StartsWith("commit:", StringComparison.Ordinal));
        return new ToolVersion(Path.GetFileName(path), path, version, commit?["commit:".Length..].Trim() ?? "");
    }

    private async Task<ToolVersion> AskAsync(string path)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            var result = await ProcessRunner.RunAsync(new Command(path, "--version") { Environment = options.ToolEnvironment }, timeout.Token);
            return Parse(path, result.OutputText);
        }
        catch (Exception failure) when (failure is SystemCallException or OperationCanceledException)
        {
            return new ToolVersion(Path.GetFileName(path), path, "", "");
        }
    }

    private static string Key(string path)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? string.Create(CultureInfo.InvariantCulture, $"{path}:{file.Length}:{file.LastWriteTimeUtc.Ticks}")
            : path;
    }

    private Dictionary<string, ToolVersion> Load()
    {
        var known = new Dictionary<string, ToolVersion>();
        foreach (var line in FactReader.Text(_cache).Split('\n'))
        {
            if (line.Split(Separator) is [var key, var name, var path, var version, var commit]) known[key] = new ToolVersion(name, path, version, commit);
        }

        return known;
    }

    private void Save(Dictionary<string, ToolVersion> known)
    {
        var staged = $"{_cache}.{Environment.ProcessId}";
        try
        {
            File.WriteAllLines(staged, known.Select(static item =>
                string.Join(Separator, item.Key, item.Value.Name, item.Value.Path, item.Value.Version, item.Value.Commit)));
            File.Move(staged, _cache, overwrite: true);
        }
        catch (IOException)
        {
            // Only a cache: the tools are asked again next time.
        }
    }
}
