using Podsharp.Core.Containers;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

/// <summary>
/// Which of a container's networks is its way out: one with a gateway, then the highest priority, then the first name. Each default
/// route has its place in that order as its metric, so that the next takes over when one goes.
/// </summary>
internal static class GatewayOrder
{
    /// <summary>Between metrics given at one time; 100 is also what a route has that was given none.</summary>
    public const int Step = 100;

    public static int Compare(Network one, int priority, Network other, int otherPriority) =>
        (one.Internal, -priority).CompareTo((other.Internal, -otherPriority)) is var order and not 0
            ? order
            : string.CompareOrdinal(one.Name, other.Name);

    /// <summary>For a place that is added to those of a container that runs.</summary>
    public static int MetricBetween(Container container, IReadOnlyList<Network> networks, Network network, EndpointSpec request)
    {
        var (before, after) = (0, int.MaxValue);
        foreach (var endpoint in container.State.Endpoints)
        {
            if (networks.FirstOrDefault(other => other.Id == endpoint.NetworkId) is not { } other) continue;
            var metric = endpoint.Metric == 0 ? Step : endpoint.Metric;
            var asked = container.Spec.Network.Places().GetValueOrDefault(other.Name);
            if (Compare(other, asked?.GatewayPriority ?? 0, network, request.GatewayPriority) < 0) before = Math.Max(before, metric);
            else after = Math.Min(after, metric);
        }

        return after == int.MaxValue ? (before == 0 ? 0 : before + Step) : Math.Max(1, (before + after) / 2);
    }
}
