using System.Collections.Concurrent;
using System.Diagnostics;

namespace Podsharp.Benchmarks;

/// <summary>What clients ask again and again.</summary>
internal static class ApiTable
{
    private const int Up = 50;
    private const int Down = 100;

    public static IReadOnlyList<Work> Works(bool quick) =>
    [
        With("stats of 50 containers, one after the other", Up, running: true, "ms", 3, quick ? 1 : 5, StatsAsync),
        With("info with 100 containers", Down, running: false, "ms", 3, quick ? 5 : 20, (engine, _) => Race.MillisecondsAsync(() => engine.Api.GetAsync("info"))),
        With("df with 100 containers", Down, running: false, "ms", 3, quick ? 3 : 10, (engine, _) => Race.MillisecondsAsync(() => engine.Api.GetAsync("system/df"))),
        With("list of 100 containers, p99 of 4 clients", Down, running: false, "ms", 1, quick ? 1 : 3, (engine, _) => SlowestAsync(engine, quick ? 1000 : 10_000)),
        With("list of 100 containers by 4 clients (must be > 2000)", Down, running: false, "/s", 1, quick ? 1 : 3, (engine, _) => RateAsync(engine, quick ? 1000 : 10_000)) with { IsRate = true },
    ];

    private static Work With(
        string name, int count, bool running, string unit, double target, int rounds, Func<Contender, IReadOnlyCollection<string>, Task<double>> measure)
    {
        var containers = new ConcurrentDictionary<string, ConcurrentBag<string>>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 4 };
        return new Work
        {
            Name = name,
            Unit = unit,
            Target = target,
            Rounds = rounds,
            Prepare = engine =>
            {
                var made = containers[engine.Name] = [];
                return Parallel.ForEachAsync(Enumerable.Range(0, count), options, async (_, _) =>
                {
                    var container = await engine.Api.CreateAsync("none", "sleep", "100000");
                    made.Add(container);
                    if (running) await engine.Api.StartAsync(container);
                });
            },
            MeasureAsync = engine => measure(engine, containers[engine.Name]),
            CleanUp = engine => Parallel.ForEachAsync(containers[engine.Name], options, async (container, _) => await engine.Api.RemoveAsync(container, force: true)),
        };
    }

    private static Task<double> StatsAsync(Contender engine, IReadOnlyCollection<string> containers) => Race.MillisecondsAsync(async () =>
    {
        foreach (var container in containers) await engine.Api.StatsAsync(container);
    });

    private static async Task<double> SlowestAsync(Contender engine, int count)
    {
        var times = await ListAsync(engine, count);
        return times.Order().ElementAt(times.Count * 99 / 100);
    }

    private static async Task<double> RateAsync(Contender engine, int count)
    {
        var all = await Race.MillisecondsAsync(() => ListAsync(engine, count));
        return count / all * 1000;
    }

    private static async Task<IReadOnlyCollection<double>> ListAsync(Contender engine, int count)
    {
        var times = new ConcurrentBag<double>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) =>
        {
            var start = Stopwatch.GetTimestamp();
            await engine.Api.ListContainersAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        });
        return times;
    }
}
