using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Podsharp.Benchmarks;

/// <summary>The rows of "How fast".</summary>
internal static class Table
{
    private const int LogBytes = 25 << 20;
    private const int ListLength = 200;

    public static IReadOnlyList<Work> Works(bool quick) =>
    [
        Lifecycle("create+start+wait+remove, no network", "none", 1.3, quick ? 5 : 25),
        Lifecycle("create+start+wait+remove, bridge", "bridge", 1.8, quick ? 5 : 25),
        Start("start alone, no network", engine => engine.CreateAsync("none", "true"), 1.3, quick ? 5 : 25),
        Start("start alone, bridge", engine => engine.CreateAsync("bridge", "true"), 1.2, quick ? 5 : 25),
        Start("start alone, bridge, published port (must be > 2x docker)", engine => engine.CreatePublishedAsync("true"), 1, quick ? 5 : 25),
        AtOnce(quick ? 16 : 48, quick ? 1 : 3),
        Execute(quick ? 5 : 25),
        Log(quick ? 1 : 3),
        List(quick ? 5 : 20),
        Load(quick ? 1 : 3),
    ];

    private static Work Lifecycle(string name, string network, double target, int rounds) => new()
    {
        Name = name,
        Unit = "ms",
        Target = target,
        Rounds = rounds,
        MeasureAsync = engine => Race.MillisecondsAsync(() => engine.Api.LifecycleAsync(network)),
    };

    private static Work Start(string name, Func<EngineApi, Task<string>> create, double target, int rounds) => new()
    {
        Name = name,
        Unit = "ms",
        Target = target,
        Rounds = rounds,
        MeasureAsync = async engine =>
        {
            var container = await create(engine.Api);
            var time = await Race.MillisecondsAsync(() => engine.Api.StartAsync(container));
            await engine.Api.WaitAsync(container);
            await engine.Api.RemoveAsync(container);
            return time;
        },
    };

    private static Work AtOnce(int count, int rounds) => new()
    {
        Name = "8 lifecycles at once",
        Unit = "/s",
        IsRate = true,
        Target = 2.5,
        Rounds = rounds,
        MeasureAsync = async engine =>
        {
            var time = await Race.MillisecondsAsync(() => Parallel.ForEachAsync(
                Enumerable.Range(0, count),
                new ParallelOptions { MaxDegreeOfParallelism = 8 },
                async (_, _) => await engine.Api.LifecycleAsync("none")));
            return count / time * 1000;
        },
    };

    private static Work Execute(int rounds)
    {
        var containers = new ConcurrentDictionary<string, string>();
        return new Work
        {
            Name = "exec true, attached",
            Unit = "ms",
            Target = 2.5,
            Rounds = rounds,
            Prepare = async engine =>
            {
                containers[engine.Name] = await engine.Api.CreateAsync("none", "sleep", "100000");
                await engine.Api.StartAsync(containers[engine.Name]);
            },
            MeasureAsync = engine => Race.MillisecondsAsync(() => engine.Api.ExecuteAsync(containers[engine.Name])),
            CleanUp = engine => engine.Api.RemoveAsync(containers[engine.Name], force: true),
        };
    }

    private static Work Log(int rounds)
    {
        var containers = new ConcurrentDictionary<string, string>();
        return new Work
        {
            Name = "logs of a 25 MB log",
            Unit = "MB/s",
            IsRate = true,
            Target = 10,
            Rounds = rounds,
            Prepare = async engine =>
            {
                var container = containers[engine.Name] = await engine.Api.CreateAsync(
                    "none", "sh", "-c", $"yes 'a line of a log as an ordinary program would write it, more or less 80 bytes long' | head -c {LogBytes}");
                await engine.Api.StartAsync(container);
                await engine.Api.WaitAsync(container);
            },
            MeasureAsync = async engine =>
            {
                var bytes = 0L;
                var time = await Race.MillisecondsAsync(async () => bytes = await engine.Api.ReadLogAsync(containers[engine.Name]));
                return bytes >= LogBytes ? LogBytes / 1048576.0 / time * 1000 : throw new InvalidOperationException($"the log has {bytes} bytes only");
            },
            CleanUp = engine => engine.Api.RemoveAsync(containers[engine.Name], force: true),
        };
    }

    private static Work List(int rounds)
    {
        var containers = new ConcurrentDictionary<string, ConcurrentBag<string>>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 4 };
        return new Work
        {
            Name = $"list of {ListLength} containers",
            Unit = "ms",
            Target = 5,
            Rounds = rounds,
            Prepare = engine =>
            {
                var made = containers[engine.Name] = [];
                return Parallel.ForEachAsync(Enumerable.Range(0, ListLength), options, async (_, _) => made.Add(await engine.Api.CreateAsync("none", "true")));
            },
            MeasureAsync = async engine =>
            {
                byte[] list = [];
                var time = await Race.MillisecondsAsync(async () => list = await engine.Api.ListContainersAsync());
                var count = JsonNode.Parse(list)!.AsArray().Count;
                return count >= ListLength ? time : throw new InvalidOperationException($"only {count} containers are listed");
            },
            CleanUp = engine => Parallel.ForEachAsync(containers[engine.Name], options, async (container, _) => await engine.Api.RemoveAsync(container, force: true)),
        };
    }

    // Each round another image, and nothing is removed before the end: ext4 without a journal is slow to reuse inodes of files just deleted.
    private static Work Load(int rounds)
    {
        var loaded = new ConcurrentDictionary<string, int>();
        return new Work
        {
            Name = "load of a 190 MB image",
            Unit = "ms",
            Target = 2,
            Rounds = rounds,
            MeasureAsync = async engine =>
            {
                var archive = await BigImage.ArchiveAsync(loaded.AddOrUpdate(engine.Name, 0, static (_, last) => last + 1));
                return await Race.MillisecondsFromRestAsync(() => engine.Api.LoadAsync(archive));
            },
            CleanUp = async engine =>
            {
                for (var number = 0; number <= loaded[engine.Name]; number++) await engine.Api.RemoveImageAsync(BigImage.Name(number));
            },
        };
    }
}
