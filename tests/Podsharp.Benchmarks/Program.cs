using System.Text.Json.Nodes;
using Podsharp.Benchmarks;

const string Usage = """
    Podsharp.Benchmarks [--quick] [--only TEXT] [--peers NAME,NAME|none] [--json FILE]

    Measures the real binary (PODSHARP_SERVICE_BINARY, else published first) beside podman4, podman5 and docker, which peers.sh
    (PODSHARP_PEERS, default /work/shared/tools/peers.sh) starts; a peer that isn't to be had shows n/a. Medians; ratio to the best peer.
    """;

var quick = args.Contains("--quick");
if (args.Contains("--help"))
{
    Console.WriteLine(Usage);
    return 0;
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

var peersScript = Environment.GetEnvironmentVariable("PODSHARP_PEERS") ?? "/work/shared/tools/peers.sh";
var only = Option("--only");
bool Wanted(string name) => only is null || name.Contains(only, StringComparison.OrdinalIgnoreCase);
var peers = Option("--peers") is { } chosen ? chosen.Split(',').Intersect(Contender.Peers) : Contender.Peers;

var contenders = new List<Contender>();
var results = new List<Result>();
var registry = new Lazy<Task<LoopbackRegistry>>(LoopbackRegistry.StartAsync);
try
{
    var service = await StartOursAsync();
    if (service is not null) contenders.Add(Contender.Of(service));
    foreach (var peer in peers)
        if (await Contender.StartPeerAsync(peersScript, peer) is { } started) contenders.Add(started);
    var works = Table.Works(quick).Concat(new ImageTable(registry).Works(quick)).Concat(ComposeTable.Works(quick)).Concat(ArchiveTable.Works(quick)).Concat(ApiTable.Works(quick)).Where(work => Wanted(work.Name));
    foreach (var work in works) results.Add(await Race.RunAsync(work, contenders));
    if (service is not null)
    {
        if (Wanted("floor")) await new FloorRows(service, contenders[0].Api).AddAsync(results, quick ? 5 : 25);
        if (Wanted("start to first ping")) await MemoryRows.AddStartAsync(results, quick ? 3 : 15);
        if (Wanted("RSS of idle connections")) await ConnectionRows.AddAsync(results, service);
        if (Wanted("RSS of a pull")) await MemoryRows.AddPullAsync(results, contenders[0], await registry.Value, quick ? 200 : 2000);
        if (Wanted("RSS")) await MemoryRows.AddLifecyclesAsync(results, service, contenders[0].Api, quick ? 100 : 1000);
    }
}
catch (Exception failure)
{
    // A measurement is no test: what was measured is printed all the same.
    Console.Error.WriteLine(failure);
}
finally
{
    // Before all is cleared away, which may fail too.
    Report.Print(results);
    foreach (var contender in contenders) await contender.DisposeAsync();
    if (registry.IsValueCreated) await (await registry.Value).DisposeAsync();
}

if (Option("--json") is { } file) await File.WriteAllTextAsync(file, new JsonObject { ["quick"] = quick, ["rows"] = Report.ToJson(results) }.ToJsonString());
return 0;

static async Task<PodsharpService?> StartOursAsync()
{
    try
    {
        return await PodsharpService.StartWithImageAsync(new ServiceSetup { OwnNetwork = false });
    }
    catch (Exception failure)
    {
        Console.Error.WriteLine($"{Contender.Ours}: {failure.Message}");
        return null;
    }
}
