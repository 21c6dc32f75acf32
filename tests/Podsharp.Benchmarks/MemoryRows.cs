namespace Podsharp.Benchmarks;

internal static class MemoryRows
{
    public static async Task AddStartAsync(List<Result> results, int rounds)
    {
        Console.Error.WriteLine("start to first ping");
        var ours = await Startup.OfOursAsync(rounds);
        var podman = await Startup.OfPodman4Async(rounds);
        results.Add(Row("process start to first ping", "ms", ours.Milliseconds, podman?.Milliseconds, 1));
        results.Add(Row("RSS at the first ping (must be < 30)", "MB", ours.Megabytes, podman?.Megabytes, 0));
    }

    public static async Task AddLifecyclesAsync(List<Result> results, PodsharpService service, EngineApi api, int count)
    {
        Console.Error.WriteLine($"RSS over {count} lifecycles");
        foreach (var part in (double[])[0.5, 1])
        {
            for (var i = 0; i < count / 2; i++) await api.LifecycleAsync("none");
            results.Add(Row($"RSS after {count * part} lifecycles (must be < 80)", "MB", KernelTraces.ResidentMemoryOf(service.Pid) / 1048576.0, null, 0));
        }
    }

    public static async Task AddPullAsync(List<Result> results, Contender ours, LoopbackRegistry registry, int megabytes)
    {
        Console.Error.WriteLine($"RSS during a pull of {megabytes} MB");
        await registry.AddAsync(SampleImage.OfSize("much", megabytes));
        // proc(5): 5 resets the peak.
        await File.WriteAllTextAsync($"/proc/{ours.Pid}/clear_refs", "5");
        await ours.Api.PullAsync($"{registry.Host}/{SampleImage.Repository}", "much");
        results.Add(Row($"peak RSS of a pull of {megabytes} MB (must be < 150)", "MB", KernelTraces.PeakMemoryOf(ours.Pid) / 1048576.0, null, 0));
        await ours.Api.RemoveImageAsync($"{registry.Host}/{SampleImage.Repository}:much");
    }

    private static Result Row(string name, string unit, double ours, double? podman, double target)
    {
        var medians = new Dictionary<string, double> { [Contender.Ours] = ours };
        if (podman is { } value) medians["podman4"] = value;
        return new Result(new Work { Name = name, Unit = unit, Target = target, Rounds = 0, MeasureAsync = _ => Task.FromResult(ours) }, medians);
    }
}
