using System.Runtime.CompilerServices;
using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;

namespace Podsharp.Engine.Containers.Usage;

/// <param name="Follow">Go on until the container is removed.</param>
/// <param name="AtOnce">One measurement with nothing to compare it with.</param>
public sealed record MeasureContainerRequest(string Container, bool Follow, bool AtOnce);

/// <param name="Present">Null: it doesn't run.</param>
/// <param name="Before">The measurement before, for what clients compute from two; null: none.</param>
public sealed record Measurement(Container Container, ContainerUsage? Present, ContainerUsage? Before);

/// <summary>Measures what a container uses, a second apart.</summary>
public sealed class MeasureContainer(ContainerLookup lookup, IContainerStore containers, IContainerMeters meters, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A container that isn't there fails now; what is to be measured comes by the sequence.</summary>
    public IAsyncEnumerable<Measurement> Run(MeasureContainerRequest request, CancellationToken cancellationToken)
    {
        var container = lookup.Find(request.Container);
        return MeasureAsync(container, request, cancellationToken);
    }

    private async IAsyncEnumerable<Measurement> MeasureAsync(
        Container container, MeasureContainerRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = meters.Read(container);
        if (!request.Follow && (request.AtOnce || before is null))
        {
            yield return new Measurement(container, before, null);
            yield break;
        }

        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (containers.Find(container.Id) is not { } found) yield break;
            var present = meters.Read(found);
            yield return new Measurement(found, present, present is null ? null : before);
            if (!request.Follow) yield break;
            before = present;
        }
    }
}
