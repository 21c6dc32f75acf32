namespace Podsharp.Storage.Streams;

/// <summary>How much a compressed stream may grow. The worst honest content, files of zeros, is let through up to <paramref name="Free"/> bytes.</summary>
/// <param name="Free">Plain bytes that are never too many.</param>
/// <param name="Ratio">Plain bytes for each compressed one above that.</param>
internal sealed record InflationLimits(long Free = 8L << 30, int Ratio = 500);
