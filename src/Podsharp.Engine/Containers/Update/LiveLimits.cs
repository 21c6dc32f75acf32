using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers.Spec;

namespace Podsharp.Engine.Containers.Update;

/// <summary>The limits of containers that may be running.</summary>
public sealed class LiveLimits(IContainerRuntime runtime, IHost host)
{
    /// <summary>Changes what is asked for, at once where the container runs; answers all its limits then.</summary>
    /// <param name="asked">Only what is to change; the rest zero or null.</param>
    /// <param name="warnings">Gets a sentence for each limit that the kernel has not: it stays as it is.</param>
    public async Task<ResourceLimits> ChangeAsync(Container container, ResourceLimits asked, List<string> warnings, CancellationToken cancellationToken)
    {
        asked = KernelLimits.Kept(asked, host.Facts, warnings);
        var limits = LimitChange.Merge(container.Spec.Resources, asked);
        CpuSet.Check(limits, host.Facts);
        DelegatedControllers.Check(limits, host.Facts);
        if (container.State.IsUp && LimitChange.Resources(limits, asked, host.Facts) is { } resources)
            await runtime.UpdateAsync(container.Id, resources, cancellationToken);
        return limits;
    }
}
