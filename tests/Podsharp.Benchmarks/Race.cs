using System.Diagnostics;

namespace Podsharp.Benchmarks;

/// <summary>Lets the contenders do a work round by round in turn, so that what the machine does meanwhile meets them all.</summary>
internal static class Race
{
    public static async Task<Result> RunAsync(Work work, IReadOnlyList<Contender> contenders)
    {
        Console.Error.Write($"{work.Name} ");
        var able = new List<Contender>();
        foreach (var contender in contenders)
            if (await TryAsync(contender, work.Prepare)) able.Add(contender);
        var samples = able.ToDictionary(contender => contender.Name, _ => new List<double>());
        for (var round = 0; round <= work.Rounds; round++)
        {
            foreach (var contender in able.ToArray())
            {
                var measured = 0.0;
                if (!await TryAsync(contender, async it => measured = await work.MeasureAsync(it))) able.Remove(contender);
                else if (round > 0) samples[contender.Name].Add(measured);
            }

            Console.Error.Write('.');
        }

        foreach (var contender in contenders) await TryAsync(contender, work.CleanUp);
        Console.Error.WriteLine();
        return new Result(work, able.ToDictionary(contender => contender.Name, contender => Median(samples[contender.Name])));
    }

    public static double Median(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    public static async Task<double> MillisecondsAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>For works that write much: what others have written, the maker of the input among them, has reached the disk before the clock starts.</summary>
    public static async Task<double> MillisecondsFromRestAsync(Func<Task> work)
    {
        using var sync = Process.Start("sync");
        await sync.WaitForExitAsync();
        return await MillisecondsAsync(work);
    }

    private static async Task<bool> TryAsync(Contender contender, Func<Contender, Task> work)
    {
        try
        {
            await work(contender);
            return true;
        }
        catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException or TaskCanceledException or IOException or CommandFailedException)
        {
            Console.Error.WriteLine($"\n  {contender.Name}: {failure.Message}");
            return false;
        }
    }
}
