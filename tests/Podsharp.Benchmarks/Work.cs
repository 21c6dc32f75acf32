namespace Podsharp.Benchmarks;

/// <summary>One row of the table.</summary>
internal sealed record Work
{
    public required string Name { get; init; }

    public required string Unit { get; init; }

    /// <summary>Times are better low, rates are better high.</summary>
    public bool IsRate { get; init; }

    /// <summary>How many times better than the best peer we must be.</summary>
    public required double Target { get; init; }

    public required int Rounds { get; init; }

    public Func<Contender, Task> Prepare { get; init; } = _ => Task.CompletedTask;

    /// <returns>One measurement in <see cref="Unit"/>.</returns>
    public required Func<Contender, Task<double>> MeasureAsync { get; init; }

    public Func<Contender, Task> CleanUp { get; init; } = _ => Task.CompletedTask;
}

/// <summary>Medians of one row; engines that could not do the work are absent.</summary>
internal sealed record Result(Work Work, IReadOnlyDictionary<string, double> Medians, double? Floor = null)
{
    public double? Ours => Medians.TryGetValue(Contender.Ours, out var value) ? value : null;

    public KeyValuePair<string, double>? BestPeer
    {
        get
        {
            var peers = Medians.Where(pair => pair.Key != Contender.Ours).ToArray();
            if (peers.Length == 0) return null;
            return Work.IsRate ? peers.MaxBy(pair => pair.Value) : peers.MinBy(pair => pair.Value);
        }
    }

    /// <summary>How many times better than the best peer.</summary>
    public double? Ratio => Ours is { } ours && BestPeer is { } best ? Work.IsRate ? ours / best.Value : best.Value / ours : null;
}
