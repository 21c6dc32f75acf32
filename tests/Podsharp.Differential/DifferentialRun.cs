using Podsharp.Differential.Compare;
using Podsharp.Differential.Play;
using Podsharp.Differential.Script;
using Podsharp.Differential.Shapes;

namespace Podsharp.Differential;

/// <summary>Plays the scripts to both engines, version by version, and compares reply by reply.</summary>
public static class DifferentialRun
{
    private const string Usage = """
        Podsharp.Differential --peer SOCKET [--ours SOCKET] [--versions 1.24,1.45] [--only NAME,NAME] [--allow FILE] [--script DIRECTORY] [--trace]

        Sends the same requests to both sockets and prints where status, headers, or the JSON differ. Without --ours the service is started on a store of
        its own (PODSHARP_SERVICE_BINARY, else published first). Without --allow the list is allow/docker.txt or allow/podman.txt, as the peer is. --only plays the scripts whose names begin so, beside those whose names begin with 0 and 9.
        A version that is too new for the peer is compared with the newest that it has. --trace prints each request as it is played. Ends with 1 where something differs that the allow-list doesn't name.
        """;

    public static async Task<int> MainAsync(string[] args)
    {
        string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        if (Option("--peer") is not { } peerSocket)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        var home = Path.Join(ServiceBinary.SourceRoot(), "tests", "Podsharp.Differential");
        var kind = await PeerKind.AskAsync(peerSocket);
        var allowFile = Option("--allow") ?? Path.Join(home, "allow", kind + ".txt");
        var only = Option("--only")?.Split(',');
        var report = new Report(AllowList.Read(allowFile, await File.ReadAllLinesAsync(allowFile)));
        var scripts = ReadScripts(Option("--script") ?? Path.Join(home, "script"), only).FindAll(step => step.SkippedFor != kind);

        await using var service = Option("--ours") is null ? await PodsharpService.StartAsync() : null;
        using var ours = new Player(Option("--ours") ?? service!.Socket);
        using var peer = new Player(peerSocket);
        var versions = (Option("--versions") ?? "1.24,1.30,1.41,1.44,1.45,1.51,1.56").Split(',');
        foreach (var version in versions) await PlayAsync(scripts, version, await SpokenVersion.AskAsync(peerSocket, version), ours, peer, report, args.Contains("--trace"));
        report.Print(Console.Out, whole: only is null && Option("--versions") is null);
        return report.Count == 0 ? 0 : 1;
    }

    private static List<Step> ReadScripts(string directory, string[]? only) =>
    [
        .. Directory.GetFiles(directory, "*.txt").Order(StringComparer.Ordinal)
            .Where(file => only is null || Path.GetFileName(file)[0] is '0' or '9' || only.Any(name => Path.GetFileName(file).Split('-', 2)[1].StartsWith(name, StringComparison.Ordinal)))
            .SelectMany(file => ScriptReader.Read(Path.GetFileName(file), File.ReadAllLines(file))),
    ];

    private static async Task PlayAsync(IReadOnlyList<Step> scripts, string version, string peerVersion, Player ours, Player peer, Report report, bool trace)
    {
        // One run's names are another's neither on a peer that is shared nor in the next version.
        var variables = new Dictionary<string, string> { ["p"] = $"differ-{Environment.ProcessId}-v{version.Replace('.', '-')}-", ["version"] = version };
        ours.Begin(variables);
        peer.Begin(variables);
        var times = new Dictionary<string, int>();
        foreach (var step in scripts.Where(step => step.IsFor(version)))
        {
            var time = times[step.Name] = times.GetValueOrDefault(step.Name) + 1;
            if (trace) Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss.f} v{version} {step.Name}");
            var replies = await Task.WhenAll(ours.PlayAsync(step, version), peer.PlayAsync(step, peerVersion));
            if (step.Quiet) continue;
            var mine = ReplyShape.Of(replies[0], new Normaliser(ours.Variables), step.ShapeOnly);
            var theirs = ReplyShape.Of(replies[1], new Normaliser(peer.Variables), step.ShapeOnly);
            report.Add(version, Difference.Between(time == 1 ? step.Name : $"{step.Name} #{time}", mine.Places, theirs.Places));
        }
    }
}
