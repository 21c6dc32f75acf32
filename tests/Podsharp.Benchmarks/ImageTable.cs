using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Podsharp.Benchmarks;

/// <summary>The rows about images and registries. What is to be removed is removed last: see <see cref="Table"/> on reused inodes.</summary>
internal sealed class ImageTable(Lazy<Task<LoopbackRegistry>> registry)
{
    private readonly HashSet<string> _offered = [];
    private readonly ConcurrentDictionary<string, int> _counts = new();

    public IReadOnlyList<Work> Works(bool quick) =>
    [
        .. Pull(quick ? 1 : 3),
        FirstPush(quick ? 1 : 3),
        PushAgain(quick ? 3 : 9),
        Save(quick ? 1 : 3),
        List(quick ? 50 : 500, quick ? 3 : 15),
    ];

    // One race, two rows: the second one shows what the processors did in the first.
    private Work[] Pull(int rounds)
    {
        var seconds = new ConcurrentDictionary<string, ConcurrentQueue<double>>();
        var pull = new Work
        {
            Name = $"pull of a {SampleImage.Megabytes} MB image of 4 layers",
            Unit = "ms",
            Target = 2,
            Rounds = rounds,
            MeasureAsync = async engine =>
            {
                var tag = await OfferedAsync($"pull-{Count(engine, "pull")}");
                var before = ProcessorTime.Of(engine.Pid);
                var time = await Race.MillisecondsFromRestAsync(async () => await engine.Api.PullAsync(await RepositoryAsync(), tag));
                seconds.GetOrAdd(engine.Name, _ => []).Enqueue(ProcessorTime.Of(engine.Pid) - before);
                return time;
            },
        };
        var cost = new Work
        {
            Name = "processor time of that pull of an image",
            Unit = "ms/MB",
            Target = 1,
            Rounds = rounds,
            MeasureAsync = engine => seconds.TryGetValue(engine.Name, out var taken) && taken.TryDequeue(out var measured)
                ? Task.FromResult(measured * 1000 / SampleImage.Megabytes)
                : throw new InvalidOperationException("it has not pulled"),
            CleanUp = engine => RemoveAsync(engine, "pull"),
        };
        return [pull, cost];
    }

    // A loaded image, not a pulled one: there are no blobs yet that need only be sent.
    private Work FirstPush(int rounds) => new()
    {
        Name = $"first push of a {SampleImage.Megabytes} MB image of 4 layers",
        Unit = "ms",
        Target = 1.5,
        Rounds = rounds,
        MeasureAsync = async engine =>
        {
            var tag = await LoadAsync(engine, $"push-{engine.Name}-{Count(engine, "push-" + engine.Name)}");
            return await Race.MillisecondsFromRestAsync(async () => await engine.Api.PushAsync(await RepositoryAsync(), tag));
        },
        CleanUp = engine => RemoveAsync(engine, "push-" + engine.Name),
    };

    private Work PushAgain(int rounds) => new()
    {
        Name = "push of an unchanged image",
        Unit = "ms",
        Target = 1,
        Rounds = rounds,
        Prepare = async engine =>
        {
            var tag = await LoadAsync(engine, $"again-{Count(engine, "again")}");
            await engine.Api.PushAsync(await RepositoryAsync(), tag);
        },
        MeasureAsync = engine => Race.MillisecondsAsync(async () => await engine.Api.PushAsync(await RepositoryAsync(), "again-0")),
        CleanUp = engine => RemoveAsync(engine, "again"),
    };

    private Work Save(int rounds) => new()
    {
        Name = $"save of a {SampleImage.Megabytes} MB image of 4 layers",
        Unit = "MB/s",
        IsRate = true,
        Target = 2,
        Rounds = rounds,
        Prepare = engine => LoadAsync(engine, $"save-{Count(engine, "save")}"),
        MeasureAsync = async engine =>
        {
            var (bytes, repository) = (0L, await RepositoryAsync());
            var time = await Race.MillisecondsAsync(async () => bytes = await engine.Api.SaveAsync($"{repository}:save-0"));
            return bytes >= SampleImage.Megabytes * 1_000_000 ? bytes / 1e6 / time * 1000 : throw new InvalidOperationException($"the archive has {bytes} bytes only");
        },
        CleanUp = engine => RemoveAsync(engine, "save"),
    };

    private static Work List(int length, int rounds) => new()
    {
        Name = $"list of {length} images (must be < 10)",
        Unit = "ms",
        Target = 1,
        Rounds = rounds,
        Prepare = engine => engine.Api.LoadAsync(archive => SmallImages.WriteArchiveAsync(archive, length)),
        MeasureAsync = async engine =>
        {
            byte[] list = [];
            var time = await Race.MillisecondsAsync(async () => list = await engine.Api.ListImagesAsync());
            var count = JsonNode.Parse(list)!.AsArray().Count;
            return count >= length ? time : throw new InvalidOperationException($"only {count} images are listed");
        },
        CleanUp = engine => Parallel.ForEachAsync(
            Enumerable.Range(0, length), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) => await engine.Api.RemoveImageAsync(SmallImages.Name(number))),
    };

    private int Count(Contender engine, string kind) => _counts.AddOrUpdate($"{engine.Name} {kind}", 0, static (_, last) => last + 1);

    private async Task<string> RepositoryAsync() => $"{(await registry.Value).Host}/{SampleImage.Repository}";

    /// <summary>Puts the image into the registry, once.</summary>
    private async Task<string> OfferedAsync(string tag)
    {
        if (_offered.Add(tag)) await (await registry.Value).AddAsync(SampleImage.Of(tag));
        return tag;
    }

    private async Task<string> LoadAsync(Contender engine, string tag)
    {
        var name = $"{await RepositoryAsync()}:{tag}";
        await engine.Api.LoadAsync(archive => SampleImage.Of(tag).WriteArchiveAsync(archive, name));
        return tag;
    }

    private async Task RemoveAsync(Contender engine, string kind)
    {
        for (var number = 0; number <= _counts.GetValueOrDefault($"{engine.Name} {kind}", -1); number++)
            await engine.Api.RemoveImageAsync($"{await RepositoryAsync()}:{kind}-{number}");
    }
}
