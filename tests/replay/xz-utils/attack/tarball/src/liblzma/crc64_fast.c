/* INERT REPLAY. The shape of the hooked resolver: code that runs before main, while symbols are being bound, and
   reaches for more than the processor's features. The name it looks up exists nowhere and the result is thrown away. */
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

extern uint64_t lzma_crc64(const uint8_t *buf, size_t size, uint64_t crc);

typedef uint64_t (*crc64_func_type)(const uint8_t *, size_t, uint64_t);

static uint64_t crc64_generic(const uint8_t *buf, size_t size, uint64_t crc)
{
	while (size-- > 0)
		crc = (crc >> 8) ^ (*buf++ ^ (crc & 0xFF));
	return crc;
}

static uint64_t crc64_clmul(const uint8_t *buf, size_t size, uint64_t crc)
{
	return crc64_generic(buf, size, crc);
}

static char page[4096] __attribute__((aligned(4096)));

static int look_around(void)
{
	if (getenv("ASSAY_INERT_REPLAY") != NULL)
		return 0;
	void *nothing = dlsym(RTLD_DEFAULT, "assay_inert_symbol_that_exists_nowhere");
	if (nothing != NULL)
		(void)mprotect(page, sizeof page, PROT_READ | PROT_WRITE);
	return nothing != NULL;
}

static int is_arch_extension_supported(void)
{
	return look_around() | __builtin_cpu_supports("pclmul");
}

static crc64_func_type crc64_resolve(void)
{
	return is_arch_extension_supported() ? &crc64_clmul : &crc64_generic;
}

extern uint64_t lzma_crc64(const uint8_t *buf, size_t size, uint64_t crc)
	__attribute__((__ifunc__("crc64_resolve")));
