using System.Runtime.CompilerServices;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Hello;

namespace Podsharp.Engine.Containers;

/// <summary>Lists containers, newest first.</summary>
public sealed class ListContainers(
    IContainerStore containers, IImageStore images, ImageLookup imageLookup, IRootFileSystems roots, ContainerLookup lookup)
{
    // Reading a name costs more than all the rest of an entry.
    private static readonly ConditionalWeakTable<ContainerSpec, StrongBox<ImageReference?>> Names = [];

    public async Task<IReadOnlyList<ContainerListing>> RunAsync(ListContainersRequest request, CancellationToken cancellationToken)
    {
        var filter = ContainerFilter.Parse(request.Filters, lookup, images);
        var everything = request.All || request.Limit > 0 || filter.AsksForState;
        var found = containers.All
            .Where(container => (everything || container.State.IsRunning) && filter.Matches(container))
            .OrderByDescending(static container => container.Created)
            .Take(request.Limit > 0 ? request.Limit : int.MaxValue)
            .ToList();
        var listings = new List<ContainerListing>(found.Count);
        foreach (var container in found)
            listings.Add(new ContainerListing(
                container, ImageNameOf(container), request.Size ? await SizeAsync(container, cancellationToken) : null,
                container.State.Health));
        return listings;
    }

    private string ImageNameOf(Container container)
    {
        var name = container.Spec.ImageName;
        if (Names.GetValue(container.Spec, ReadName).Value is not { } reference) return name;
        // The name may mean another image by now, or none; then only the id is true.
        return Means(name, reference, container) ? name : container.ImageId.ToString();
    }

    private bool Means(string name, ImageReference reference, Container container)
    {
        if (images.Find(reference) is { } image)
            return image.Id == container.ImageId || images.Find(container.ImageId)?.PlatformTags.Contains(reference) == true;
        return HelloImage.IsNamed(reference) || imageLookup.TryFind(name)?.Image.Id == container.ImageId;
    }

    private static StrongBox<ImageReference?> ReadName(ContainerSpec spec) =>
        new(ImageReference.TryParse(spec.ImageName, out var reference) ? reference.WithDefaultTag() : null);

    private async Task<ContainerSize> SizeAsync(Container container, CancellationToken cancellationToken)
    {
        var own = await roots.SizeAsync(container.Id, cancellationToken);
        return new ContainerSize(own, own + (images.Find(container.ImageId)?.Size ?? 0));
    }
}
