namespace Podsharp.Benchmarks;

/// <summary>Puts the bare tools' times beside ours.</summary>
internal sealed class FloorRows(PodsharpService service, EngineApi api)
{
    public async Task AddAsync(List<Result> results, int rounds)
    {
        Console.Error.WriteLine("floor: bare conmon, crun and netavark");
        var container = await api.CreateAsync("none", "sleep", "100000");
        await api.StartAsync(container);
        double? lifecycle = null;
        try
        {
            await using var floor = await Floor.PrepareAsync(service, container);
            if (floor is not null) lifecycle = await floor.LifecycleAsync(rounds);
        }
        finally
        {
            await api.RemoveAsync(container, force: true);
        }

        var netavark = await Floor.NetavarkAsync(rounds);
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Work.Name.EndsWith("remove, no network", StringComparison.Ordinal)) results[i] = results[i] with { Floor = lifecycle };
            if (results[i].Work.Name.EndsWith("remove, bridge", StringComparison.Ordinal))
                results[i] = results[i] with { Floor = lifecycle + netavark?.Setup + netavark?.Teardown };
        }

        if (lifecycle is { } bare) results.Add(Bare("floor: conmon + crun create/start/delete", bare));
        if (netavark is var (setup, teardown))
        {
            results.Add(Bare("floor: netavark setup", setup));
            results.Add(Bare("floor: netavark teardown", teardown));
        }
    }

    private static Result Bare(string name, double time) =>
        new(new Work { Name = name, Unit = "ms", Target = 0, Rounds = 0, MeasureAsync = _ => Task.FromResult(time) }, new Dictionary<string, double>(), time);
}
