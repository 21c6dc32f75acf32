namespace Podsharp.Benchmarks;

/// <summary>What connections cost that do nothing.</summary>
internal static class ConnectionRows
{
    private const int Idle = 1000;
    private const int Followers = 200;

    public static async Task AddAsync(List<Result> results, PodsharpService service)
    {
        Console.Error.WriteLine("RSS of idle connections and followers");
        var before = KernelTraces.ResidentMemoryOf(service.Pid);
        var clients = new List<RawClient>();
        try
        {
            for (var number = 0; number < Idle + Followers; number++)
            {
                var client = await RawClient.AskAsync(service, number < Idle ? "HEAD /_ping" : "GET /events");
                clients.Add(client);
                await client.ReadHeadAsync();
            }

            var grown = (KernelTraces.ResidentMemoryOf(service.Pid) - before) / 1048576.0;
            results.Add(new Result(
                new Work
                {
                    Name = $"RSS of {Idle} idle connections and {Followers} event followers (must be < 50)", Unit = "MB", Target = 0, Rounds = 0,
                    MeasureAsync = _ => Task.FromResult(grown),
                },
                new Dictionary<string, double> { [Contender.Ours] = grown }));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
